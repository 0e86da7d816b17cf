/**
 * A drawn scene in place of a camera, so that the page can go live without a permission. Not part of the package.
 * @returns {MediaStream} 1280 × 720 pixels, 30 frames per second, without audio
 */
export function drawnCamera() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const context = canvas.getContext('2d');
  const draw = () => {
    const seconds = performance.now() / 1000;
    const sky = context.createLinearGradient(0, 0, 0, 720);
    sky.addColorStop(0, `hsl(${(220 + 10 * Math.sin(seconds / 7)) | 0} 60% 22%)`);
    sky.addColorStop(1, 'hsl(265 45% 42%)');
    context.fillStyle = sky;
    context.fillRect(0, 0, 1280, 720);
    for (let hill = 0; hill < 3; hill++) {
      context.fillStyle = `hsl(250 40% ${30 - 8 * hill}%)`;
      context.beginPath();
      context.moveTo(0, 720);
      for (let x = 0; x <= 1280; x += 16) {
        const height = 40 * Math.sin(x / (170 - 30 * hill) + seconds / (3 - hill) + hill);
        context.lineTo(x, 480 + 70 * hill + height);
      }
      context.lineTo(1280, 720);
      context.fill();
    }
    context.fillStyle = 'hsl(45 95% 65%)';
    context.beginPath();
    context.arc(640 + 420 * Math.cos(seconds / 2), 250 + 60 * Math.sin(seconds), 56, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = '#fff';
    context.font = '600 88px ui-monospace, monospace';
    context.textAlign = 'center';
    context.fillText(new Date().toISOString().slice(11, 21), 640, 500);
  };
  draw();
  setInterval(draw, 1000 / 30);
  return canvas.captureStream(30);
}
