import which from 'which';

const find = (program) => which.sync(program, { nothrow: true });

/**
 * ffmpeg, and what ends it with the process that started it, however that ends: Linux alone has that.
 * @returns {{ ffmpeg: string, setpriv?: string } | undefined}
 */
export function findFfmpeg() {
  const ffmpeg = find(process.env.FFMPEG || 'ffmpeg');
  const setpriv = find('setpriv');
  return ffmpeg ? { ffmpeg, ...(setpriv && { setpriv }) } : undefined;
}
