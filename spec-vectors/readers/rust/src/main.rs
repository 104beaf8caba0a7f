//! Reads `assets.pa`, version 1, with serde's derived types, the way a game runtime would; for the test vectors.
//! Prints what the file holds, or the class of its fault, as one JSON document (spec-vectors/README.md).
//!
//! What serde_json does on its own, beyond or short of docs/format.md: it takes white space and any order of members, a
//! struct written as an array, unknown members, and repeated members within `metadata` (the last wins), where it also
//! turns `-0` and integers beyond 64 bits into floats. It refuses more than 127 nested containers.
//!
//! Dedicated to the public domain: CC0-1.0.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use xxhash_rust::xxh64::Xxh64;

const PRELUDE_SIZE: u64 = 32;
const MAGIC: &[u8] = b"ASPA";
const SCHEMA_VERSION: u32 = 1;
const SLOTS_PER_BANK: u8 = 16;

#[derive(Deserialize)]
struct Header {
    asset_table: Vec<Entry>,
    #[serde(default)]
    preload: Vec<PreloadEntry>,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    asset_id: i32,
    asset_name: String,
    bank_type: BankType,
    codec: Codec,
    offset: u64,
    size: u64,
    decoded_size: u64,
    metadata: Map<String, Value>,
}

// By itself serde takes `{"GLYPH":null}` for an enum, too: so these come from strings.

#[derive(Clone, Copy, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", rename_all = "UPPERCASE")]
enum BankType {
    Glyph,
    Sounds,
    Scene,
}

impl TryFrom<String> for BankType {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match name.as_str() {
            "GLYPH" => Ok(BankType::Glyph),
            "SOUNDS" => Ok(BankType::Sounds),
            "SCENE" => Ok(BankType::Scene),
            _ => Err(format!("no bank type: {name}")),
        }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(try_from = "String", rename_all = "UPPERCASE")]
enum Codec {
    None,
}

impl TryFrom<String> for Codec {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match name.as_str() {
            "NONE" => Ok(Codec::None),
            _ => Err(format!("no codec: {name}")),
        }
    }
}

#[derive(Deserialize, Serialize)]
struct PreloadEntry {
    asset_id: i32,
    slot: u8,
}

/// Why there is nothing to accept.
enum Failure {
    /// The class of the file's fault.
    Rejected(&'static str),
    /// The file could not be read, which says nothing of what it holds.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Io(error)
    }
}

fn require(condition: bool, class: &'static str) -> Result<(), Failure> {
    if condition {
        Ok(())
    } else {
        Err(Failure::Rejected(class))
    }
}

fn main() -> io::Result<()> {
    let path = std::env::args_os().last().unwrap_or_default();
    let document = match read(&mut File::open(path)?) {
        Ok(document) => document,
        Err(Failure::Rejected(class)) => json!({ "verdict": "reject", "class": class }),
        Err(Failure::Io(error)) => return Err(error),
    };
    println!("{document}");
    Ok(())
}

fn read(file: &mut File) -> Result<Value, Failure> {
    let file_size = file.metadata()?.len();
    let (header_len, payload_offset) = read_prelude(file, file_size)?;
    let mut text = Vec::new();
    file.take(header_len).read_to_end(&mut text)?;
    // By itself serde_json does not look at the bytes of a string that nobody asked for.
    let text = std::str::from_utf8(&text).map_err(|_| Failure::Rejected("HEADER"))?;
    let header: Header = serde_json::from_str(text).map_err(|_| Failure::Rejected("HEADER"))?;
    check_table(&header.asset_table, file_size - payload_offset)?;
    check_preload(&header.preload, &header.asset_table)?;
    let mut slices = Vec::new();
    for entry in &header.asset_table {
        let digest = hash(file, payload_offset + entry.offset, entry.size)?;
        slices.push(json!({ "asset_id": entry.asset_id, "size": entry.size, "xxh64": format!("{digest:016x}") }));
    }
    Ok(
        json!({ "verdict": "accept", "asset_table": header.asset_table, "preload": header.preload, "slices": slices }),
    )
}

/// `header_len` and `payload_offset`.
fn read_prelude(file: &mut File, file_size: u64) -> Result<(u64, u64), Failure> {
    require(file_size >= PRELUDE_SIZE, "TRUNCATED")?;
    let mut prelude = [0; PRELUDE_SIZE as usize];
    file.read_exact(&mut prelude)?;
    require(&prelude[0..4] == MAGIC, "MAGIC")?;
    require(u32_at(&prelude, 4) == SCHEMA_VERSION, "VERSION")?;
    let header_len = u64::from(u32_at(&prelude, 8));
    let payload_offset = u64_at(&prelude, 12);
    require(PRELUDE_SIZE + header_len <= file_size, "BOUNDS")?;
    require(payload_offset >= PRELUDE_SIZE + header_len, "BOUNDS")?;
    require(payload_offset <= file_size, "BOUNDS")?;
    Ok((header_len, payload_offset))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn check_table(table: &[Entry], region_size: u64) -> Result<(), Failure> {
    let mut ids = HashSet::new();
    for entry in table {
        require(ids.insert(entry.asset_id), "TABLE")?;
        let end = entry.offset.checked_add(entry.size);
        require(matches!(end, Some(end) if end <= region_size), "TABLE")?;
    }
    Ok(())
}

fn check_preload(preload: &[PreloadEntry], table: &[Entry]) -> Result<(), Failure> {
    let bank_types: HashMap<i32, BankType> = table
        .iter()
        .map(|entry| (entry.asset_id, entry.bank_type))
        .collect();
    let mut taken = HashSet::new();
    for entry in preload {
        let bank_type = bank_types
            .get(&entry.asset_id)
            .ok_or(Failure::Rejected("PRELOAD"))?;
        require(entry.slot < SLOTS_PER_BANK, "PRELOAD")?;
        require(taken.insert((bank_type, entry.slot)), "PRELOAD")?;
    }
    Ok(())
}

/// XXH64 with seed 0 of `size` bytes from `start`, with one buffer whatever the size.
fn hash(file: &mut File, start: u64, size: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(start))?;
    let mut hasher = Xxh64::new(0);
    let mut buffer = [0; 1 << 16];
    let mut left = size;
    while left > 0 {
        let wanted = left.min(buffer.len() as u64) as usize;
        file.read_exact(&mut buffer[..wanted])?;
        hasher.update(&buffer[..wanted]);
        left -= wanted as u64;
    }
    Ok(hasher.digest())
}
