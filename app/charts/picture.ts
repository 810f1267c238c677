/** A drawn plot as a picture for elsewhere: its colours resolved, its name above and its lines' names below. */
import { signedPng } from '../../src/formats/signature.ts';
import { chartTexts } from '../texts/chart.ts';
import { signedSvg } from '../version.ts';

const PAD = 8;
const TITLE = 24;
const LEGEND_ROW = 18;
const FONT = 'system-ui, sans-serif';
const SVG = 'http://www.w3.org/2000/svg';
/** Pixels of a PNG for one of the page. */
const DENSITY = 2;

/**
 * @param figure what holds the plot's SVG.
 * @throws Error when nothing is drawn, or the browser can't draw it again.
 */
export async function chartPicture(
  figure: HTMLElement | null,
  name: string,
  kind: 'svg' | 'png',
): Promise<Blob> {
  const found = drawnIn(figure) ?? (await broughtIntoSight(figure));
  if (!found) throw new Error(chartTexts.notDrawn);
  const { held, plot } = found;
  const { svg, width, height } = framed(plot, name, held.dataset['legend'] ?? '');
  const text = new XMLSerializer().serializeToString(svg);
  const blob = new Blob([signedSvg(text)], { type: 'image/svg+xml' });
  if (kind === 'svg') return blob;
  const png = await rasterized(blob, width, height);
  return new Blob([signedPng(new Uint8Array(await png.arrayBuffer()), __APP_VERSION__)], { type: png.type });
}

function drawnIn(figure: HTMLElement | null) {
  const held = figure?.querySelector<HTMLElement>('[data-plot]');
  const plot = held?.querySelector<SVGSVGElement>('svg');
  return held && plot ? { held, plot } : null;
}

/** How long a chart may take to be drawn (ms). */
const PATIENCE = 5000;

/** A chart out of sight is not drawn: whoever asks for it from elsewhere has to be shown it first. */
function broughtIntoSight(figure: HTMLElement | null): Promise<ReturnType<typeof drawnIn>> {
  if (!figure) return Promise.resolve(null);
  return new Promise((done) => {
    const look = (): void => {
      const found = drawnIn(figure);
      if (found) end(found);
    };
    const observer = new MutationObserver(look);
    const timer = setTimeout(() => end(null), PATIENCE);
    const end = (found: ReturnType<typeof drawnIn>): void => {
      observer.disconnect();
      clearTimeout(timer);
      done(found);
    };
    observer.observe(figure, { childList: true, subtree: true });
    figure.scrollIntoView({ block: 'nearest' });
    look();
  });
}

function framed(plot: SVGSVGElement, name: string, lines: string) {
  const drawn = plot.getBoundingClientRect();
  const width = Math.ceil(drawn.width) + 2 * PAD;
  const legend = lines.split('\n').filter((line) => line !== '');
  const height = Math.ceil(drawn.height) + TITLE + 2 * PAD + legend.length * LEGEND_ROW;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('xmlns', SVG);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('font-family', FONT);
  const style = getComputedStyle(plot);
  const ground = element('rect', { width, height, fill: groundOf(plot) });
  const title = element('text', {
    x: PAD,
    y: PAD + 14,
    'font-size': 13,
    'font-weight': 600,
    fill: style.color,
  });
  title.textContent = name;
  const body = plot.cloneNode(true) as SVGSVGElement;
  resolve(plot, body);
  body.setAttribute('x', String(PAD));
  body.setAttribute('y', String(PAD + TITLE));
  svg.append(ground, title, body);
  legend.forEach((entry, i) => {
    const [color = '', dash = '', ...words] = entry.split('\t');
    const y = height - PAD - (legend.length - 1 - i) * LEGEND_ROW - 5;
    const line = element('line', {
      x1: PAD,
      x2: PAD + 20,
      y1: y - 4,
      y2: y - 4,
      stroke: color,
      'stroke-width': 2,
    });
    if (dash !== '') line.setAttribute('stroke-dasharray', dash);
    line.setAttribute('stroke', colorOf(plot, color));
    const label = element('text', { x: PAD + 28, y, 'font-size': 11, fill: style.color });
    label.textContent = words.join('\t');
    svg.append(line, label);
  });
  return { svg, width, height };
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** What a style sheet may say of a shape or a text. */
const STYLED = [
  'fill',
  'stroke',
  'stroke-width',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
] as const;

/** Whether what an attribute says is known on this page only: by variables, wherever in it they stand, or by style sheets. */
export function hangsOnPage(said: string | null, styled: boolean): boolean {
  return said === null ? styled : said.includes('var(');
}

/** Writes how elements look here into their copies: elsewhere there are no variables and no style sheets, and nothing to press. */
function resolve(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const styled =
    from.hasAttribute('class') || from.hasAttribute('style') || from.parentElement?.closest('svg [class]');
  for (const name of STYLED) {
    if (hangsOnPage(to.getAttribute(name), Boolean(styled)))
      to.setAttribute(name, elsewhere(style.getPropertyValue(name)));
  }
  // By their names: taken away, each would move the next to its place.
  for (const name of to.getAttributeNames()) {
    if (/^(?:class|style|role|tabindex|aria-.*)$/.test(name)) to.removeAttribute(name);
  }
  [...from.children].forEach((child, i) => {
    const copy = to.children[i];
    if (copy) resolve(child, copy);
  });
}

/** A colour as every program reads it: those mixed in another colour space than sRGB are told as the page draws them. */
function elsewhere(value: string): string {
  if (!/^(?:color|oklab|oklch|lab|lch)\(/.test(value)) return value;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  if (!context) return value;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

function colorOf(near: SVGElement, color: string): string {
  const probe = element('g', { fill: color });
  near.append(probe);
  const resolved = getComputedStyle(probe).fill;
  probe.remove();
  return resolved;
}

/** The first ground that is not transparent behind the plot. */
function groundOf(plot: Element): string {
  for (let at: Element | null = plot; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor !== 'rgba(0, 0, 0, 0)' && backgroundColor !== 'transparent') return backgroundColor;
  }
  return 'white';
}

async function rasterized(svg: Blob, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * DENSITY;
    canvas.height = height * DENSITY;
    const context = canvas.getContext('2d');
    if (!context) throw new Error(chartTexts.noCanvas);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((done, fail) => {
      canvas.toBlob((made) => (made ? done(made) : fail(new Error(chartTexts.noPng))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
