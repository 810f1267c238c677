/** Building blocks of generated tweets, one set per interest cluster. {slots} name lists; {n} is a small number. */

export interface PhraseSet {
  /** Sentences; 'q' ones ask, so their tweets get replies. */
  readonly lines: readonly string[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** In the order of the sample tweets' clusters: tech, science, sport, food, arts, nature, city, daily. */
export const phraseSets: readonly PhraseSet[] = [
  {
    lines: [
      'Rewrote the {part} of my {tool} for the {nth} time. It is now {n} lines and one regret.',
      'Is anyone else’s {tool} convinced that it is {n} o’clock in 1970?',
      'Fixed the {part}. Broke the {part2}. Net progress: a sandwich.',
      'New release of the {tool}: faster {part}, slower {part2}, same jokes.',
      'My {tool} has {n} tests and all of them test the {part}.',
      'What do you use for a {part} these days, and do you still sleep?',
      'The {tool} works offline now. So do I, from Friday.',
    ],
    lists: {
      tool: [
        'spreadsheet',
        'map viewer',
        'text editor',
        'chess clock app',
        'synth',
        'ray tracer',
        'calendar',
      ],
      part: ['parser', 'cache', 'undo history', 'layout pass', 'login page', 'scheduler'],
      part2: ['date picker', 'installer', 'dark mode', 'print view', 'search box'],
      nth: ['second', 'third', 'sixth', 'eleventh'],
    },
  },
  {
    lines: [
      'Measured the {object} again. Still {finding}. Error bars to follow, then excuses.',
      'New preprint on the {object}: {n} pages, {n} figures, one of them upside down.',
      'A thread on the {object} and why “{finding}” is not as odd as it sounds.',
      'Why is the {object} {finding}? Honest question to the room.',
      'The {object} was {finding} last night. Clouds for everyone else, sorry.',
      'Our field season ends: {n} samples of the {object}, {n} lost gloves.',
    ],
    lists: {
      object: ['comet', 'moss sample', 'peat core', 'double star', 'tide gauge', 'slime mould', 'ice lens'],
      finding: [
        'brighter than it should be',
        'older than the fence',
        'humming',
        'slightly blue',
        'late again',
        'on the move',
      ],
    },
  },
  {
    lines: [
      'Full time. {team} {n}, {team2} {n}. I have aged a season.',
      'Who else thinks the {moment} changed the match?',
      '{n} km before breakfast. The last one on pure spite.',
      'That {moment}, though. Play it again, slower, with strings.',
      'New personal best at the {event}: still last, but {n} seconds less so.',
      'Away end report: {n} of us, one drum, no rhythm, {team} for ever.',
    ],
    lists: {
      team: ['Harbour Rovers', 'Upper Vale', 'Mill Lane United', 'the Lanterns', 'Old Foundry'],
      team2: ['North Quay', 'the Wanderwells', 'Saint Osric’s', 'Fernhill', 'Brickfield'],
      moment: [
        'late corner',
        'handball that was not',
        'substitution',
        'chip from the halfway line',
        'photo finish',
      ],
      event: ['hill sprint', 'parkland 10k', 'lake swim', 'stair race'],
    },
  },
  {
    lines: [
      'Made {dish} with {thing}. My neighbours have opinions and empty plates.',
      'Can {dish} be saved once the {thing} has split? Asking over a hot pan.',
      '{dish} for {n}, ready in {n} minutes, gone in less.',
      'Market haul: {thing}, more {thing}, and a pumpkin that followed me home.',
      'The trick with {dish} is {thing}. The other trick is to lie about the butter.',
      'Rating every {dish} on Mill Lane. Today’s: {n} out of 10, bonus for {thing}.',
    ],
    lists: {
      dish: [
        'dumplings',
        'a leek tart',
        'lentil soup',
        'flatbread',
        'plum cake',
        'rice pudding',
        'pickled beans',
      ],
      thing: [
        'burnt lemon',
        'brown butter',
        'far too much dill',
        'smoked salt',
        'quince',
        'last year’s honey',
      ],
    },
  },
  {
    lines: [
      'Finished the {work}. It took {n} weeks and one {tool} that will never be the same.',
      'Reading a {work} in which nothing happens, beautifully, for {n} chapters.',
      'Sketch {n} of a hundred: the {subject}.',
      'What is the best {work} about a {subject}? Wrong answers welcome.',
      'Small concert tonight, {n} chairs, one song about a {subject}.',
      'The {work} is back from the framer. It has never looked so employed.',
    ],
    lists: {
      work: ['linocut', 'novella', 'string quartet', 'radio play', 'comic', 'puppet show'],
      subject: ['lighthouse', 'night bus', 'stubborn goose', 'empty pool', 'borrowed coat', 'clockmaker'],
      tool: ['brush', 'bow', 'typewriter', 'gouge'],
    },
  },
  {
    lines: [
      'The {animal} is back at the {place}. It looked at me as if I owed it rent.',
      '{n} {animal}s at the {place} this morning, one of them clearly in charge.',
      'Is this a {animal} or a very confident leaf? Taken at the {place}.',
      'Rain at the {place} all day. Best day of the year if you are a {animal}.',
      'Planted {n} saplings by the {place}. The {animal} watched and approved of two.',
      'Listen to this: a {animal}, the {place}, nobody else.',
    ],
    lists: {
      animal: ['heron', 'newt', 'hedgehog', 'goldcrest', 'stag beetle', 'otter', 'barn owl'],
      place: ['weir', 'old quarry', 'reed bed', 'allotment', 'north slope', 'canal'],
    },
  },
  {
    lines: [
      'Works on {street} until the {nth}. Buses leave from stop B.',
      'The {thing} on {street} is fixed. Thank you to whoever reported it {n} times.',
      'Council votes on the {thing} tonight at {n}. Seats at the back, patience at the door.',
      'Why does the {thing} on {street} beep at night?',
      'Market day on {street}: {n} stalls, live accordion, limited parking.',
      '{street} is open again. The {thing} is a separate matter.',
    ],
    lists: {
      street: [
        'Mill Lane',
        'Quay Street',
        'Foundry Row',
        'the Vale Bridge',
        'Lantern Hill',
        'Station Square',
      ],
      thing: [
        'drinking fountain',
        'tram shelter',
        'cycle lane',
        'clock tower',
        'ticket machine',
        'footbridge',
      ],
      nth: ['4th', '12th', '19th', '30th'],
    },
  },
  {
    lines: [
      'Day {n} of owning a {item}: it is winning.',
      'Told my {person} a joke about the {item}. It had to be explained to both.',
      'Does anyone understand their {item}? Mine now greets me.',
      'My {person} has named the {item}. We can never throw it away.',
      'Lost: one {item}. Found: {n} others, none of them mine.',
      'Today’s win: I left the house with the right {item}. Today’s loss: for the wrong day.',
    ],
    lists: {
      item: ['kettle', 'umbrella', 'houseplant', 'doorbell', 'left glove', 'alarm clock', 'folding chair'],
      person: ['aunt', 'flatmate', 'dentist', 'neighbour', 'daughter', 'bus driver'],
    },
  },
];

export const givenNames: readonly string[] = [
  'Aino',
  'Basma',
  'Corin',
  'Delphine',
  'Emeka',
  'Fenna',
  'Gwilym',
  'Hester',
  'Ivo',
  'Junia',
  'Kaveh',
  'Lisbet',
  'Maceo',
  'Nerys',
  'Orla',
  'Pavo',
  'Quill',
  'Rosalba',
  'Senan',
  'Tove',
  'Ulla',
  'Vesna',
  'Wanjiru',
  'Xanthe',
  'Yorick',
  'Zsofi',
];

export const familyNames: readonly string[] = [
  'Ashgrove',
  'Birkeland',
  'Cinderhall',
  'Dovecote',
  'Elmsworth',
  'Farthingale',
  'Gorsebank',
  'Hollowell',
  'Inchcape',
  'Juniper',
  'Kettleby',
  'Larkspur',
  'Mossman',
  'Nettlefold',
  'Oakhanger',
  'Pennywhistle',
  'Quarrier',
  'Rookwood',
  'Saltmarsh',
  'Thornbury',
];
