//! Opens the demo.

use crate::build;
use crate::program::{Failure, program};
use crate::project::Project;

const ADDRESS: &str = "127.0.0.1:13010";

/// Builds, then becomes the server in demo mode; its data lie in `.axisor` of the checkout.
pub fn demo(project: &Project, server_args: &[String]) -> Result<(), Failure> {
    let built = build::release(project)?;
    println!("\nAxisor is built. The demo opens on http://{ADDRESS} (Ctrl-C stops it)\n");
    let server = program(&built.server_bin)
        .args(["serve", "--demo", "--listen", ADDRESS])
        .args(server_args)
        .dir(&project.root)
        .env("AXISOR_SITE", &built.site)
        .env("AXISOR_DATA", project.root.join(".axisor"))
        .or("run `cargo xtask build` again");
    Err(server.become_it())
}
