/** The invented people and accounts of the sample tweets. Nobody here exists. */
import type { TweetAuthor } from '../tweets.ts';

/** Interest clusters of the samples; synthetic authors have the same numbers. */
export const clusters = {
  tech: 0,
  science: 1,
  sport: 2,
  food: 3,
  arts: 4,
  nature: 5,
  city: 6,
  daily: 7,
} as const;

const author = (
  handle: string,
  name: string,
  cluster: keyof typeof clusters,
  followers: number,
  badges: '' | 'v' | 'c' | 'vc' = '',
): TweetAuthor => ({
  id: `author-${handle}`,
  name,
  handle,
  verified: badges.includes('v'),
  creator: badges.includes('c'),
  followers,
  cluster: clusters[cluster],
});

export const authors = {
  odile: author('odile_renders', 'Odile Vantongeren', 'tech', 48_200, 'v'),
  tomasz: author('tomasz_ships', 'Tomasz Brandvold', 'tech', 2_310),
  petra: author('petra_compiles', 'Petra Okonjo-Lindt', 'tech', 131_000, 'vc'),
  ines: author('ines_looks_up', 'Inês Caraway', 'science', 87_400, 'v'),
  rafi: author('rafi_samples', 'Rafi Mundwiler', 'science', 1_120),
  glacier: author('glacierdiary', 'The Glacier Diary', 'science', 22_900),
  bo: author('bo_second_half', 'Bo Achterberg', 'sport', 64_100, 'v'),
  lumi: author('lumi_runs_slow', 'Lumi Haapasalo', 'sport', 3_870),
  harbour: author('harbourrovers', 'Harbour Rovers', 'sport', 412_000, 'v'),
  nonna: author('nonna_on_wheels', 'Ersilia Pontedoro', 'food', 178_000, 'vc'),
  sourdough: author('crumbreport', 'The Crumb Report', 'food', 9_640),
  yuki: author('yuki_stirs', 'Yuki Damgaard', 'food', 640),
  celeste: author('celeste_hums', 'Celeste Abara', 'arts', 256_000, 'v'),
  wim: author('wim_inks', 'Wim Kestrel', 'arts', 12_300, 'c'),
  paperback: author('slow_paperback', 'Slow Paperback', 'arts', 31_500),
  marten: author('marten_outside', 'Marten Quillfeather', 'nature', 19_800, 'c'),
  owl: author('owlcam_nine', 'Owl Cam Nine', 'nature', 503_000, 'v'),
  bea: author('bea_keeps_bees', 'Bea Thistlewood', 'nature', 5_210),
  tram: author('tramline_seven', 'Tramline Seven', 'city', 27_300),
  courier: author('valecourier', 'The Vale Courier', 'city', 934_000, 'v'),
  dana: author('dana_on_council', 'Dana Oyelaran-Fisk', 'city', 7_720, 'v'),
  weather: author('valleyweather', 'Valley Weather Desk', 'city', 318_000, 'v'),
  gus: author('gus_has_notes', 'Gus Feathering', 'daily', 1_540),
  priya: author('priya_misplaced', 'Priya Solberg', 'daily', 890),
  dad: author('dad_jokes_hourly', 'A Dad, Somewhere', 'daily', 76_900, 'c'),
  mara: author('mara_teaches_5b', 'Mara Windlass', 'daily', 14_100),
  zeno: author('zeno_disagrees', 'Zeno Habicht', 'daily', 23_400, 'v'),
  lotte: author('lotte_cites', 'Lotte Maraschin', 'science', 16_700),
  clip: author('clipbarn', 'Clip Barn', 'daily', 689_000, 'vc'),
  stunts: author('gravity_optional', 'Gravity Optional', 'sport', 221_000, 'c'),
  crypto: author('moonlad_777', 'Moon Lad', 'tech', 312),
  giveaway: author('free_gifts_hub1', 'Free Gifts Hub', 'daily', 45),
  rant: author('shouty_bernard', 'Bernard Shouty', 'daily', 2_040),
  diet: author('miraclebroth', 'Miracle Broth Official', 'food', 18_900, 'v'),
} satisfies Record<string, TweetAuthor>;
