/** The prose of the project: its terms, and sentences that can be read at once. textlint finds local plugins by absolute paths. */
module.exports = {
  plugins: { [`${__dirname}/scripts/prose-comments.mjs`]: true },
  filters: { comments: true },
  rules: {
    prh: { rulePaths: [`${__dirname}/prh.yml`], checkLink: true, checkEmphasis: true },
    'en-max-word-count': { max: 25 },
  },
};
