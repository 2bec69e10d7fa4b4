use simplenet_tests::attack::{ATTACKS, Attack};

use crate::{Result, machine::machine};

/// Prints a table of the attacks with `only` in their names: the ends of their connections, and the latency of an honest
/// client meanwhile.
///
/// Panics if a server does not withstand an attack.
pub(crate) fn run(only: &str) -> Result<()> {
    println!("{}\n", machine());
    println!("| attack | its connections | probe: calls | median | worst |");
    println!("|---|---|--:|--:|--:|");
    for (aim, attacks) in ATTACKS {
        let mut wanted = attacks.iter().filter(|attack| attack.name.contains(only)).peekable();
        if wanted.peek().is_some() {
            println!("| **on {aim}** | | | | |");
        }
        wanted.for_each(measure);
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
