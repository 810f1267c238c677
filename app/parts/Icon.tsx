/** The page's few icons, drawn on a 16-px grid in the text's colour. Decorative: the control around has the name. */

const paths = {
  play: 'M4.5 2.8v10.4a.6.6 0 0 0 .92.5l8-5.2a.6.6 0 0 0 0-1l-8-5.2a.6.6 0 0 0-.92.5Z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  step: 'M3 3.2v9.6l6.5-4.8L3 3.2ZM11 3h2v10h-2z',
  stop: 'M3.5 3.5h9v9h-9z',
  restart:
    'M8 3a5 5 0 1 0 4.9 6h-1.6A3.5 3.5 0 1 1 8 4.5c.9 0 1.7.3 2.3.9L8.5 7.2H13V2.7l-1.6 1.6A5 5 0 0 0 8 3Z',
  up: 'M8 4 13 10H3z',
  down: 'M8 12 3 6h10z',
  chevron: 'M5.5 3.5 10 8l-4.5 4.5-1.1-1.1L7.8 8 4.4 4.6z',
  close: 'm4.1 3 3.9 3.9L11.9 3 13 4.1 9.1 8l3.9 3.9-1.1 1.1L8 9.1 4.1 13 3 11.9 6.9 8 3 4.1z',
  sun: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Zm-.7-4h1.4v2.2H7.300zM7.3 12.800h1.4V15H7.300zM1 7.300h2.200v1.400H1zM12.800 7.300H15v1.400h-2.200zM2.600 3.600l1-1 1.500 1.600-1 1zM10.900 11.900l1-1 1.500 1.500-1 1zM3.600 13.400l-1-1 1.500-1.500 1 1zM11.900 5.100l-1-1 1.500-1.500 1 1z',
  moon: 'M6.200 2.200a6 6 0 1 0 7.600 7.600 4.800 4.800 0 0 1-7.600-7.600Z',
  auto: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 1.500v9a4.500 4.500 0 0 1 0-9Z',
  download: 'M7.250 2h1.500v6.200l2.200-2.200 1 1L8 11 4.050 7l1-1 2.200 2.200zM3 12.500h10V14H3z',
  upload: 'M8 2l3.950 4-1 1-2.200-2.200V11h-1.500V4.800L5.050 7l-1-1zM3 12.500h10V14H3z',
  warning: 'M8 2 15 14H1zM7.300 6.500v3.800h1.400V6.500zm0 4.900v1.300h1.400v-1.300z',
  info: 'M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM7.300 7v4.500h1.400V7zm0-2.500v1.400h1.400V4.500z',
  error:
    'M8 1.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM7.300 4.500V9h1.400V4.500zm0 5.700v1.400h1.400v-1.400z',
  image: 'M2 3h12v10H2zm1.500 1.500v5l2.500-2.500 2.500 2.500 2-2 2 2v-5z',
  video: 'M1.500 4h9v8h-9zM11.500 7l3-2v6l-3-2z',
  check: 'M6.300 12.200 2.400 8.300l1.100-1.100 2.800 2.800 6.200-6.200 1.100 1.100z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="currentColor"
      fillRule="evenodd"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
