/** Cells and tables of Markdown. */
export const code = (text) => (text ? `\`${text.replaceAll('|', '\\|')}\`` : '');
export const words = (text = '') => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
