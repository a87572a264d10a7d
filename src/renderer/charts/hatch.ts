const SIZE = 8;

/** A tile of diagonal lines: the fill of a stretch in which nothing is known. */
export function hatchOf(color: string): HTMLCanvasElement {
  const tile = document.createElement('canvas');
  tile.width = SIZE;
  tile.height = SIZE;
  const context = tile.getContext('2d');
  if (!context) return tile;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  for (const offset of [-SIZE, 0, SIZE]) {
    context.moveTo(offset, SIZE);
    context.lineTo(offset + SIZE, 0);
  }
  context.stroke();
  return tile;
}
