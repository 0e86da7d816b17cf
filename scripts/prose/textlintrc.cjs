const { join } = require('node:path');

/** The prose of the project: its terms, and sentences that can be read at once. */
module.exports = {
  plugins: { [join(__dirname, 'comments.mjs')]: true },
  filters: { comments: true },
  rules: {
    prh: { rulePaths: [join(__dirname, 'terms.yml')], checkLink: true, checkEmphasis: true },
    'en-max-word-count': { max: 25 },
  },
};
