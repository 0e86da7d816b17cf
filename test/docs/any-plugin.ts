/** Stands in for a build plugin that a sample names and this project has not. */
export default function plugin(_options: object): object {
  return {};
}
