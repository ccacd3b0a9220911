//! The keys, each with what it does.

/// What the help says: keys and what they do.
pub const HELP: [(&str, &str); 20] = [
    ("a", "accept: have this place done"),
    ("r", "reject: leave this place as it is"),
    ("e", "edit: put another text there; ⟦U+00A0⟧, ⏎ and ⇥ stand for what cannot be seen"),
    ("s", "skip: go on, decide nothing"),
    ("A  R", "accept or reject the whole group, everywhere, now and later"),
    ("w", "how far a, r and e reach: place, document, everywhere, whole rule"),
    ("u  U", "undo the last decision, as often as you like; do it again"),
    ("j  k", "down and up: groups, or the places of a group"),
    ("Enter", "into the group's places; there: the text round the place"),
    ("Tab", "between groups and places"),
    ("Esc", "back, out of anything; it never decides"),
    ("/", "filter: words, or rule:typos zone:quotation doc:news is:pending is:decided is:disputed"),
    ("o", "order: risk, rule, document, frequency"),
    ("S", "draw 60 places of the group at random; judge them, then all"),
    ("n", "a note, kept with the decisions that follow"),
    ("t", "show the change, the text before it, or the text after it"),
    ("PgUp PgDn Home End", "move by pages"),
    ("?", "this help"),
    ("q", "leave; everything is saved"),
    ("? · + = - ! ~", "asks, applied by its rule, accepted, replaced, rejected, disputed, mixed"),
];

/// The most important ones, for the last line; as many as fit.
pub const HINTS: [(&str, &str); 13] = [
    ("a", "accept"),
    ("r", "reject"),
    ("e", "edit"),
    ("s", "skip"),
    ("A/R", "everywhere"),
    ("u", "undo"),
    ("j/k", "move"),
    ("/", "filter"),
    ("?", "help"),
    ("q", "leave"),
    ("w", "reach"),
    ("S", "sample"),
    ("t", "before/after"),
];
