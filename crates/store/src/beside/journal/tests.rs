use super::*;
use std::io;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Disk for Bytes {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let (mut all, offset) = (self.0.lock().unwrap(), usize::try_from(offset).unwrap());
        let end = all.len().max(offset + bytes.len());
        all.resize(end, 0);
        all[offset..offset + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    fn give_up(&self, _: &io::Error) {}
}

fn said() -> Record {
    Record::Said { entries: Vec::new() }
}

#[test]
fn what_was_appended_is_read_again_and_a_torn_end_is_not() {
    let disk = Bytes::default();
    let mut journal = Journal::new(Box::new(disk.clone()));
    for _ in 0..3 {
        journal.append(said()).unwrap();
    }
    let whole = disk.0.lock().unwrap().clone();
    assert_eq!(decode(&whole).iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2, 3]);
    for cut in 1..20 {
        assert_eq!(decode(&whole[..whole.len() - 1 - cut]).len(), 2, "cut by {cut}");
    }
    let mut flipped = whole.clone();
    flipped[12] ^= 1;
    assert_eq!(decode(&flipped), [], "nothing after a line that is not as it was written");
    let mut reserved = whole;
    reserved.resize(4_096, 0);
    assert_eq!(decode(&reserved).len(), 3, "the reserve is no record");
}

#[test]
fn a_journal_that_begins_anew_does_not_read_what_it_left_behind() {
    let disk = Bytes::default();
    let mut journal = Journal::new(Box::new(disk.clone()));
    for _ in 0..5 {
        journal.append(said()).unwrap();
    }
    journal.merged_to(3);
    assert_eq!(journal.unmerged().len(), 2);
    journal.merged_to(5);
    journal.append(said()).unwrap();
    let lines = decode(&disk.0.lock().unwrap());
    assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [6]);
}
