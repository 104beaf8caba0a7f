
/// For fuzzing: gives many inputs to one process. The first argument is a file that holds a length of four bytes, least significant first, and
/// that many bytes, again and again; the second is where each is put for the reader. Prints a JSON document a line.
fn main() -> io::Result<()> {
    let paths: Vec<_> = std::env::args_os().skip(1).collect();
    let inputs = std::fs::read(&paths[0])?;
    let mut at = 0;
    while at < inputs.len() {
        let end = at + 4 + u32_at(&inputs, at) as usize;
        std::fs::write(&paths[1], &inputs[at + 4..end])?;
        at = end;
        let document = match read(&mut File::open(&paths[1])?) {
            Ok(document) => document,
            Err(Failure::Rejected(class)) => json!({ "verdict": "reject", "class": class }),
            Err(Failure::Io(error)) => json!({ "verdict": "error", "error": error.to_string() }),
        };
        println!("{document}");
    }
    Ok(())
}
