//! Which core of the machine tells a story.

/// Keeps this thread, and those that it starts from now on, on one core: a story and its database hand over to one
/// another all the time, and to wake another core for it costs more than what is handed over. Workers are numbered
/// from 0. Where the system does not do that, a story takes longer.
pub fn stay_on_a_core(worker: usize) {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let Ok(ours) = sched_getaffinity(None) else { return };
        let cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| ours.is_set(*core)).collect();
        let Some(core) = worker.checked_rem(cores.len()).and_then(|place| cores.get(place)) else { return };
        let mut one = CpuSet::new();
        one.set(*core);
        // Refused, it runs wherever there is room.
        let _ = sched_setaffinity(None, &one);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = worker;
}
