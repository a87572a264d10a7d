const SIZE = 8;

/** A tile of diagonal lines: the fill of a stretch in which nothing is known. `page`: the document that it is drawn in. */
export function hatchOf(color: string, page: Document): HTMLCanvasElement {
  const tile = page.createElement('canvas');
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
