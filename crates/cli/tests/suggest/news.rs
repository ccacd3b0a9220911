//! A small corpus of news: each sentence is put together from parts, so that words and names stand in many articles
//! beside ever other neighbours.

/// So many articles there are.
pub const ARTICLES: usize = 48;

const OPENINGS: &[&str] = &[
    "Secretary of State Antony Blinken said on Monday that Israel and Hamas were close to an agreement on the hostages.",
    "The talks between Israel and Hamas will resume in Cairo, officials said, and a delegation from Qatar will be there.",
    "Prime Minister Benjamin Netanyahu met national security adviser Jake Sullivan in Jerusalem, and said that Israel would go on.",
    "A delegation of the European Union travelled from Cairo to Israel to speak about humanitarian aid for the Palestinian refugees.",
    "Egypt opened the border crossing for humanitarian aid, but the fighting near the crossing continued through the night.",
    "Defence minister Yoav Gallant told reporters that the army would not leave the border before the hostages were free.",
    "President Volodymyr Zelenskyy asked the allies for more help, and thanked Antony Blinken for his visit to Kyiv.",
    "Ursula von der Leyen spoke in Brussels about the ceasefire and about aid for Palestinian families.",
];

const MIDDLES: &[&str] = &[
    "If Israel agreed to the ceasefire, the hostages could return within weeks, a person familiar with the negotiations said.",
    "National security adviser Jake Sullivan and Antony Blinken will travel to Israel this week, and from there to Egypt.",
    "The ministry said that seven hundred refugees had crossed the border since the ceasefire ended.",
    "In Kyiv, President Volodymyr Zelenskyy said that the negotiations had changed nothing for the people at the front.",
    "Antony Blinken told the delegation that humanitarian aid had to reach the refugees without delay.",
    "The defence minister, Yoav Gallant, rejected the proposal, and Israel continued its operation in the south.",
    "Hamas had warned that there would be no agreement if Israel continued the attack on the crossing.",
    "Humanitarian groups said that the Palestinian hospitals near the border had neither water nor medicine.",
    "\"We will bring the hostages home,\" he said, and thanked the delegation for its work.",
    "The European Commission, said Ursula von der Leyen, would pay for the hospitals and for the aid.",
    "A Palestinian official said that the negotiations would continue, whatever Israel said about the crossing.",
    "\"Aid is not a weapon,\" she added, and asked both sides to open the border.",
    "Jake Sullivan said that the ceasefire would hold only if both sides wanted it to.",
];

const ENDS: &[&str] = &[
    "Israel will answer the proposal on Friday.",
    "The ceasefire ended in the morning, and the crossing was closed again.",
    "Yoav Gallant will speak to the press in the evening.",
    "It was the third visit of Antony Blinken to Israel in a year.",
    "The hostages have been held for seven months.",
    "Volodymyr Zelenskyy will meet the delegation on Tuesday.",
    "A spokesman of Jake Sullivan did not answer questions about the negotiations.",
    "The refugees wait at the border for humanitarian aid.",
    "Ursula von der Leyen will travel to Cairo on Thursday.",
    "The Palestinian delegation left the room before the end.",
];

/// The articles, as they would stand if nobody had made an error.
pub fn articles() -> Vec<String> {
    (0..ARTICLES).map(article).collect()
}

fn article(number: usize) -> String {
    let middle = |step: usize| MIDDLES[(number * 5 + step * 7) % MIDDLES.len()];
    let opening = OPENINGS[number % OPENINGS.len()];
    let end = ENDS[(number * 3 + 1) % ENDS.len()];
    // No two articles have a line in common, which would be one that comes again.
    format!("{opening} {}\n\n{} {} {end}\n", middle(number), middle(number + 1), middle(2 * number + 2))
}

/// Puts an error into the first articles that have what it is made of, once into each. Returns in how many.
pub fn plant(articles: &mut [String], right: &str, wrong: &str, times: usize) -> usize {
    let hit = articles.iter_mut().rev().filter(|text| text.contains(right)).take(times);
    hit.map(|text| *text = text.replacen(right, wrong, 1)).count()
}
