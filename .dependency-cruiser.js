/** The rooms of the core, from the lowest; those in one row do not know each other. */
const CORE_ROOMS = [['platform'], ['api'], ['stats'], ['whip', 'media'], ['broadcast']];

const room = (name) => `^src/core/${name}/`;

/** What a room of the core must not import: the rooms beside and above it, and what lies outside of them. */
const coreRules = CORE_ROOMS.flatMap((row, level) =>
  row.map((name) => {
    const below = CORE_ROOMS.slice(0, level).flat();
    return {
      name: `core-${name}-imports-down`,
      comment: `${name} may import ${['itself', ...below].join(', ')}.`,
      severity: 'error',
      from: { path: room(name) },
      to: { path: '^src/', pathNot: [name, ...below].map(room) },
    };
  }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    { name: 'unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    ...coreRules,
    {
      name: 'core-knows-no-element',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: '^src/core/' },
    },
    {
      name: 'rtc-user-is-the-top',
      comment: 'Inside of the core, index.ts and classic.ts alone import rtc-user.ts.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/(index|classic)\\.ts$' },
      to: { path: '^src/core/(rtc-user|index|classic)\\.ts$' },
    },
    {
      name: 'element-imports-down',
      severity: 'error',
      from: { path: '^src/element/' },
      to: { path: '^src/(index|define)\\.ts$' },
    },
    {
      name: 'element-knows-the-interface-of-the-core',
      severity: 'error',
      from: { path: '^src/element/' },
      to: { path: '^src/core/(broadcast|whip|media)/' },
    },
    {
      name: 'define-below-index',
      severity: 'error',
      from: { path: '^src/define\\.ts$' },
      to: { path: '^src/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types make circles too.
    tsPreCompilationDeps: true,
  },
};
