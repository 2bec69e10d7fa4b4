use simplenet_tests::chat::Server;

struct Rooms;

fn run(server: Server) {
    let _ = server.serve(Rooms);
}

fn main() {
    let _ = run;
}
