/** A name for a run that nobody has named: two words that can be said and told apart, the same for the same id everywhere. */

const QUALITIES = [
  'amber', 'azure', 'bold', 'brave', 'brisk', 'bronze', 'calm', 'candid', 'coral', 'cosy', 'crisp', 'dappled',
  'deft', 'eager', 'early', 'fleet', 'frosty', 'gentle', 'gilded', 'glad', 'golden', 'grand', 'hardy', 'hazel',
  'hidden', 'humble', 'indigo', 'ivory', 'jade', 'jolly', 'keen', 'kind', 'late', 'light', 'lively', 'lucid',
  'lunar', 'mellow', 'merry', 'misty', 'modest', 'neat', 'nimble', 'noble', 'olive', 'opal', 'patient', 'pearl',
  'plain', 'proud', 'quick', 'quiet', 'rapid', 'russet', 'sable', 'silver', 'sleek', 'snowy', 'solar', 'steady',
  'sunny', 'swift', 'tidy', 'vivid',
] as const; // prettier-ignore

const BIRDS = [
  'avocet', 'bittern', 'bluetit', 'bulbul', 'bunting', 'buzzard', 'condor', 'coot', 'cormorant', 'crane',
  'cuckoo', 'curlew', 'dipper', 'dove', 'dunlin', 'egret', 'eider', 'falcon', 'finch', 'fulmar', 'gannet',
  'godwit', 'goldcrest', 'goshawk', 'grebe', 'harrier', 'heron', 'hoopoe', 'ibis', 'jackdaw', 'jay', 'kestrel',
  'kite', 'lapwing', 'lark', 'linnet', 'magpie', 'martin', 'merlin', 'moorhen', 'osprey', 'ouzel', 'owl',
  'petrel', 'pipit', 'plover', 'puffin', 'quail', 'raven', 'redstart', 'robin', 'rook', 'siskin', 'snipe',
  'sparrow', 'starling', 'stork', 'swallow', 'swan', 'tern', 'thrush', 'wagtail', 'warbler', 'wren',
] as const; // prettier-ignore

/** E.g. "amber heron". @param id of the run. */
export function runName(id: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  // The lowest bits follow the last characters alone.
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return `${QUALITIES[mixed >>> 26] ?? ''} ${BIRDS[(mixed >>> 20) & 63] ?? ''}`;
}
