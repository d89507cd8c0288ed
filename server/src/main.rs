//! The program `axisor`.

fn main() -> std::process::ExitCode {
    server::run()
}
