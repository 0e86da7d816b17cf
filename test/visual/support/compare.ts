/** Less than this, of 255, the eye hardly sees, and drawing is not always the same. */
const VISIBLE = 8;

/** Runs in the browser: how many of a thousand pixels of two PNGs differ, all of them where their sizes do. */
export async function compare(pictures: readonly string[]): Promise<number> {
  const [one, other] = await Promise.all(pictures.map(pixelsOf));
  if (!one || !other || one.width !== other.width || one.height !== other.height) return 1000;
  let differing = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const isOther = [at, at + 1, at + 2].some((index) => {
      return Math.abs((one.data[index] ?? 0) - (other.data[index] ?? 0)) > VISIBLE;
    });
    if (isOther) differing += 1;
  }
  return (differing * 4000) / one.data.length;
}

async function pixelsOf(url: string): Promise<ImageData | undefined> {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, bitmap.width, bitmap.height);
}
