/** A drawing of the page as a file: the page's colours put in, for programs that know none of its variables. */
import { signedSvg } from '../../version.ts';

export function standaloneSvg(svg: SVGSVGElement): Blob {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const style = getComputedStyle(svg);
  copy.setAttribute('font-family', style.fontFamily);
  const { viewBox } = svg;
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', String(viewBox.baseVal.width));
  ground.setAttribute('height', String(viewBox.baseVal.height));
  ground.setAttribute('fill', 'var(--surface)');
  copy.prepend(ground);
  const text = new XMLSerializer()
    .serializeToString(copy)
    .replaceAll(/ (class|role|tabindex|aria-[a-z]+)="[^"]*"/g, '')
    .replaceAll(/var\((--[a-z0-9-]+)\)/g, (_, name: string) => colorOf(svg, name));
  return new Blob([signedSvg(text)], { type: 'image/svg+xml' });
}

/** A variable may hold light-dark(…): only what is painted with it has one colour. */
function colorOf(svg: SVGSVGElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  svg.parentElement?.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
