// The campaign: six levels, each a formation with its own manners; the last one is the flagship.

/**
 * @typedef {object} Level
 * @property {string} name
 * @property {string} motto
 * @property {string[]} rows    12 letters: n normal, t tough, s special (explodes), r rare
 * @property {number} pace      speed of the ball, world units a second
 * @property {number} par       seconds for a speed run
 * @property {{reach: number, pace: number}} [sway]
 * @property {boolean} [boss]
 */

/** @type {Level[]} */
export const LEVELS = [
  {
    name: "The Vanguard",
    motto: "A modest alien presence. Do be gentle with it.",
    pace: 500,
    par: 75,
    rows: ["............", "..nnnnnnnn..", ".nnnnnnnnnn.", ".nnsnnrnsnn.", ".nnnnnnnnnn.", "..nnnnnnnn.."],
  },
  {
    name: "Skyscraper",
    motto: "They have built upwards. How frightfully modern.",
    pace: 530,
    par: 90,
    rows: [
      ".....rr.....",
      ".....nn.....",
      "....tnnt....",
      "....nnnn....",
      "n..tnssnt..n",
      "nn.nnnnnn.nn",
      "nntnnssnntnn",
      "nnnnnnnnnnnn",
    ],
  },
  {
    name: "Sunburst Gate",
    motto: "One admires the symmetry before one breaks it.",
    pace: 555,
    par: 100,
    rows: [
      "n..n.nn.n..n",
      ".n.n.nn.n.n.",
      "..nnsnnsnn..",
      "nnnntrrtnnnn",
      "..nnsnnsnn..",
      ".n.n.nn.n.n.",
      "n..n.nn.n..n",
      "t..t....t..t",
    ],
  },
  {
    name: "The Monocle",
    motto: "Imitation, from an armada. I am almost flattered.",
    pace: 575,
    par: 110,
    rows: [
      "...tnnnnt...",
      ".tnn....nnt.",
      ".nn..nn..nn.",
      "nn..nsrn..nn",
      "nn..nrsn..nn",
      ".nn..nn..nn.",
      ".tnn....nnt.",
      "...tnnnnt.n.",
      "..........n.",
      ".........nn.",
    ],
  },
  {
    name: "The Grand Waltz",
    motto: "They dance. Rather well, the scoundrels.",
    pace: 590,
    par: 120,
    sway: { reach: 34, pace: 0.9 },
    rows: [
      ".nnnnnnnnnn.",
      ".t.n.tt.n.t.",
      ".nnsnnnnsnn.",
      "............",
      ".nrn.nn.nrn.",
      ".nnnnssnnnn.",
      "............",
      ".n.t.nn.t.n.",
      ".nnnnnnnnnn.",
    ],
  },
  {
    name: "The Flagship",
    motto: "There she is. The one with all the chimneys.",
    pace: 600,
    par: 150,
    boss: true,
    rows: [],
  },
];
