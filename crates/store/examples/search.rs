//! How long searching takes in a large archive, and how many messages a second are kept with its index.
//!
//! `cargo run --release -p stonechat-store --example search -- <database> <messages>`: fills an empty database with so many
//! messages of 300 people in 1,000 rooms, with words as rare and as common as in a language, then posts on as people do, then asks.
//! With 0 it asks one that was filled before; and before that it takes into the index what is not there, as after an upgrade.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "whatever goes wrong here ends the measurement")]

use std::{
    collections::BTreeMap,
    io::Write as _,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use model::{
    Body, ClientKey, Epoch, Membership, PasswordHash, Person, Room, RoomName, Said, Scopes, Search, Session, SessionId,
    Stream, Timestamp, Username, Visibility, Wish, rules,
};
use store::{
    DatabaseUrl, Fault, Lane, Opened, Store, members, messages, rooms,
    search::{self, Mark, Sought},
    users,
};

const PEOPLE: usize = 300;
const ROOMS: usize = 1_000;
const WORDS: usize = 50_000;
/// Messages of one transaction while filling.
const AT_ONCE: usize = 500;
/// What the server gives a search.
const TIME: Duration = Duration::from_millis(model::limits::SEARCH_MS);
const BEGAN: i64 = 1_760_000_000_000;
const HAN: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运";

/// Numbers that look drawn, the same in every run (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// A rank: the first is drawn most often, as words are.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a drawn rank"
    )]
    fn rank(&mut self, end: usize) -> usize {
        let drawn = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((end as f64 + 1.0).powf(drawn) as usize - 1).min(end - 1)
    }
}

/// Words as a language has them: short ones are common.
fn vocabulary() -> Vec<String> {
    let mut chance = Chance(7);
    let [heads, hearts, tails] = [
        ["b", "ch", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "th", "tr", "v", "w", ""],
        ["a", "e", "i", "o", "u", "ä", "é", "ie", "ou", "ei", "a", "e", "i", "o", "u", "a", "e", "i", "o", "e"],
        ["", "n", "r", "s", "t", "l", "m", "nd", "st", "ck", "ng", "", "", "n", "r", "rt", "x", "z", "ss", "p"],
    ];
    let mut words = Vec::with_capacity(WORDS);
    let mut known = std::collections::HashSet::new();
    while words.len() < WORDS {
        let syllables = 1 + chance.below(if words.len() < 500 { 2 } else { 4 });
        let word: String =
            (0..syllables).map(|_| [heads, hearts, tails].map(|part| part[chance.below(20)]).concat()).collect();
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn text(chance: &mut Chance, words: &[String], han: &[char]) -> String {
    if chance.below(10) == 0 {
        let length = 4 + chance.below(40);
        return (0..length).map(|_| han[chance.rank(han.len())]).collect();
    }
    let length = 2 + chance.below(19);
    (0..length).map(|_| words[chance.rank(words.len())].as_str()).collect::<Vec<_>>().join(" ")
}

struct House {
    store: Store,
    people: Vec<Person>,
    rooms: Vec<Room>,
    words: Vec<String>,
    han: Vec<char>,
}

async fn post(house: &House, chance: &mut Chance, number: usize, many: usize) -> Duration {
    let room = house.rooms[chance.rank(ROOMS)].clone();
    let said: Vec<_> = (0..many)
        .map(|n| (house.people[chance.rank(PEOPLE)].clone(), text(chance, &house.words, &house.han), number + n))
        .collect();
    let began = Instant::now();
    let lane = Lane::One(Stream::Room(room.id));
    let kept = house.store.write::<(), Fault, _>(lane, move |tx| {
        Box::pin(async move {
            for (author, text, number) in said {
                let session =
                    Session { id: SessionId::new(1), person: author.clone(), admin: false, scopes: Scopes::ALL };
                let permit = rules::may_post(&session, Some(room.clone()), Membership::Member).unwrap();
                let key = ClientKey::parse(&format!("k{number}")).unwrap();
                let message = Said::new(author, key, Body::parse(&text).unwrap());
                let at = Timestamp::from_ms(BEGAN + i64::try_from(number).unwrap() * 30_000);
                messages::append(tx, permit, message, None, at).await?.unwrap();
            }
            Ok(())
        })
    });
    kept.await.unwrap();
    began.elapsed()
}

async fn furnish(store: &Store) -> (Vec<Person>, Vec<Room>) {
    let made = store.write::<_, Fault, _>(Lane::Any, |tx| {
        Box::pin(async move {
            let (mut people, mut made) = (Vec::new(), Vec::new());
            for n in 0..PEOPLE {
                let username = Username::parse(&format!("person{n}")).unwrap();
                let user = users::NewUser { username, password: PasswordHash::new("none".into()), admin: false };
                people.push(users::insert(tx, &user, Timestamp::from_ms(BEGAN)).await?.unwrap());
            }
            for n in 0..ROOMS {
                let name = RoomName::parse(&format!("room {n}")).unwrap();
                made.push(rooms::insert(tx, &name, Visibility::Private, Timestamp::from_ms(BEGAN)).await?.unwrap());
            }
            Ok((people, made))
        })
    });
    made.await.unwrap()
}

/// Those of an archive that was filled before.
async fn found(store: &Store) -> (Vec<Person>, Vec<Room>) {
    let read = store.read::<_, Fault, _>(|conn| {
        Box::pin(async move {
            let (mut people, mut all) = (Vec::new(), Vec::new());
            for n in 1..=PEOPLE {
                people.push(users::find_by_id(conn, n.to_string().parse().unwrap()).await?.unwrap());
            }
            for n in 1..=ROOMS {
                all.push(rooms::find(conn, n.to_string().parse().unwrap()).await?.unwrap());
            }
            Ok((people, all))
        })
    });
    read.await.unwrap()
}

/// Four askers: in all rooms, in the 150 least busy, in 20 of them all, and in three that hardly anybody uses.
const ASKERS: [&str; 4] = ["all 1,000 rooms", "the 150 least busy rooms", "20 rooms, busy and quiet", "3 quiet rooms"];

async fn enter(house: &House) {
    let of: [Vec<usize>; 4] = [
        (0..ROOMS).collect(),
        (ROOMS - 150..ROOMS).collect(),
        (0..20).map(|n| n * 50).collect(),
        vec![ROOMS - 3, ROOMS - 100, ROOMS - 200],
    ];
    for (asker, rooms) in of.into_iter().enumerate() {
        let person = house.people[asker].clone();
        let rooms: Vec<_> = rooms.into_iter().map(|n| house.rooms[n].clone()).collect();
        let entered = house.store.write::<(), Fault, _>(Lane::Any, move |tx| {
            Box::pin(async move {
                for room in &rooms {
                    members::join(tx, room, &person, Timestamp::from_ms(BEGAN)).await?;
                }
                Ok(())
            })
        });
        entered.await.unwrap();
    }
}

/// Questions of one kind, a new one for each number.
fn questions(house: &House, chance: &mut Chance) -> Vec<(&'static str, String)> {
    let mut word = |from: usize, to: usize| house.words[from + chance.below(to - from)].clone();
    let [common, other, middle, rare] = [word(0, 20), word(0, 20), word(100, 1_000), word(10_000, WORDS)];
    let (second, third) = (word(20, 200), word(200, 2_000));
    let begins = |word: &str, chars: usize| word.chars().take(chars).collect::<String>();
    let mut characters = |many: usize| (0..many).map(|_| house.han[chance.rank(house.han.len())]).collect::<String>();
    let [one, two, four] = [characters(1), characters(2), characters(4)];
    vec![
        ("a common word", format!("{common} ")),
        ("a word of the middle", format!("{middle} ")),
        ("a rare word", format!("{rare} ")),
        ("two common words", format!("{common} {other} ")),
        ("three words", format!("{common} {second} {third} ")),
        ("two letters of a beginning", begins(&third, 2)),
        ("three letters of a beginning", begins(&third, 3)),
        ("four letters of a beginning", begins(&rare, 4)),
        ("a word and a beginning", format!("{middle} {}", begins(&common, 2))),
        ("a phrase of common words", format!("\"{common} {other}\"")),
        ("a phrase of others", format!("\"{second} {third}\"")),
        ("one Chinese character", one),
        ("two Chinese characters", two),
        ("four Chinese characters", four),
        ("a word of somebody", format!("{common} from:{}", 1 + chance.below(PEOPLE))),
        ("a word in a room", format!("{second} in:{}", 1 + chance.below(ROOMS))),
        ("a word of a month", format!("{second} after:2025-12-01 before:2026-01-01")),
        ("all but a word", format!("-{common} from:{}", 1 + chance.below(PEOPLE))),
        ("a link", format!("has:link {common} ")),
    ]
}

fn sought(text: &str) -> Sought {
    let search = Search::parse(text, 0).unwrap();
    let mark = |wish: &Wish| match wish {
        Wish::Words(phrase) => Mark::Words(phrase.clone()),
        Wish::Has(has) => Mark::Has(*has),
        Wish::From(id) => Mark::Author(id.parse().unwrap()),
        Wish::In(id) => Mark::Room(id.parse().unwrap()),
    };
    let (since, until) = (search.since, search.until);
    let wanted = search.wanted.iter().map(|wish| vec![mark(wish)]).collect();
    Sought { wanted, unwanted: search.unwanted.iter().map(mark).collect(), since, until, before: None }
}

/// Takes in what was said before there was an index, without the server's rests.
async fn fill(store: &Store) {
    let began = Instant::now();
    let mut steps: u32 = 0;
    while store
        .write::<_, Fault, _>(Lane::Any, |tx| {
            Box::pin(async move { search::fill(tx, model::limits::INDEXED_AT_ONCE).await })
        })
        .await
        .unwrap()
    {
        steps += 1;
    }
    if steps > 0 {
        say(&format!("the index filled in {:.0} s, in {steps} steps", began.elapsed().as_secs_f64()));
    }
}

fn quantile(times: &mut [Duration], of_thousand: usize) -> f64 {
    times.sort_unstable();
    times[(times.len() * of_thousand / 1_000).min(times.len() - 1)].as_secs_f64() * 1_000.0
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn ask(house: &House, rounds: usize) {
    let mut times: BTreeMap<(usize, &str), Vec<Duration>> = BTreeMap::new();
    let (mut slow, mut found_any) = (0, 0);
    let mut chance = Chance(99);
    for _ in 0..rounds {
        for asker in 0..ASKERS.len() {
            for (kind, question) in questions(house, &mut chance) {
                let (who, sought) = (house.people[asker].id, sought(&question));
                let began = Instant::now();
                let found = house.store.read::<_, Fault, _>(move |conn| {
                    Box::pin(async move { search::find(conn, who, &sought, 21, TIME).await })
                });
                match found.await {
                    Ok(found) => found_any += usize::from(!found.is_empty()),
                    Err(fault) if fault.is_slow() => slow += 1,
                    Err(fault) => say(&format!("{question:?}: {fault}")),
                }
                times.entry((asker, kind)).or_default().push(began.elapsed());
            }
        }
    }
    let mut all = Vec::new();
    for ((asker, kind), mut some) in times {
        let [half, most, longest] = [500, 990, 1_000].map(|q| quantile(&mut some, q));
        say(&format!("{:26} {kind:30} p50 {half:7.1} ms  p99 {most:7.1} ms  longest {longest:7.1} ms", ASKERS[asker]));
        all.append(&mut some);
    }
    let [half, most, longest] = [500, 990, 1_000].map(|q| quantile(&mut all, q));
    say(&format!(
        "all {}: p50 {half:.1} ms, p99 {most:.1} ms, longest {longest:.1} ms; {found_any} found something, {slow} were ended",
        all.len()
    ));
}

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let url: DatabaseUrl = args.next().unwrap().parse().unwrap();
    let count: usize = args.next().unwrap().parse().unwrap();
    let Opened { store, mut feed, .. } =
        Store::open(&url, Epoch::new("measured"), Timestamp::from_ms(BEGAN)).await.unwrap();
    tokio::spawn(async move { while feed.next().await.is_some() {} });
    let (people, rooms) = if count == 0 { found(&store).await } else { furnish(&store).await };
    fill(&store).await;
    let house = House { store, people, rooms, words: vocabulary(), han: HAN.chars().collect() };
    let mut chance = Chance(1);
    let began = Instant::now();
    for number in (0..count).step_by(AT_ONCE) {
        post(&house, &mut chance, number, AT_ONCE).await;
    }
    say(&format!("{count} messages kept in {:.0} s, {AT_ONCE} in a transaction", began.elapsed().as_secs_f64()));
    enter(&house).await;

    let more = 20_000;
    let began = Instant::now();
    let posts = (0..more).map(|n| {
        let house = &house;
        async move { post(house, &mut Chance(n as u64), 10_000_000 + n, 1).await }
    });
    let mut times: Vec<_> = stream::iter(posts).buffer_unordered(64).collect().await;
    let a_second = f64::from(u32::try_from(more).unwrap()) / began.elapsed().as_secs_f64();
    let [half, most] = [500, 990].map(|q| quantile(&mut times, q));
    say(&format!(
        "{more} messages posted one by one, 64 under way: {a_second:.0} a second, p50 {half:.1} ms, p99 {most:.1} ms"
    ));
    ask(&house, 10).await;
}
