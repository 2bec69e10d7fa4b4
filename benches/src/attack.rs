use simplenet_tests::attack::{ATTACKS, Attack};

use crate::{Result, machine::machine};

/// Prints a table of the attacks whose names contain `name_part`. It shows how the connections
/// ended, and the latency of an honest client during each attack.
///
/// Panics if a server does not withstand an attack.
pub(crate) fn run(name_part: &str) -> Result<()> {
    println!("{}\n", machine());
    println!("| attack | ends of the connections | calls | median | worst |");
    println!("|---|---|--:|--:|--:|");
    for (target, attacks) in ATTACKS {
        let mut selected =
            attacks.iter().filter(|attack| attack.name.contains(name_part)).peekable();
        if selected.peek().is_some() {
            println!("| **on {target}** | | | | |");
        }
        selected.for_each(measure);
    }
    Ok(())
}

fn measure(attack: &Attack) {
    let report = attack.run();
    let probe = &report.probe;
    println!(
        "| {} | {} | {} | {:.1?} | {:.1?} |",
        attack.name,
        report.ends,
        probe.count(),
        probe.median(),
        probe.worst(),
    );
}
