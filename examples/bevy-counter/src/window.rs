//! The window of the client.

use bevy::{
    prelude::*,
    render::view::screenshot::{Screenshot, save_to_disk},
};
use simplenet_bevy::NetClient;

use crate::{
    client::{View, press, release},
    counter::Counter,
};

/// Shows the [`View`] and presses the button.
pub struct CounterWindowPlugin {
    /// The scripted run, for pictures.
    pub script: Option<Script>,
}

/// A scripted run, which takes two pictures and then ends.
#[derive(Clone, Resource)]
pub struct Script {
    /// The prefix of the pictures: `PREFIX-before.png` while the button is free, and
    /// `PREFIX-after.png` while a client holds it.
    pub prefix: String,
    /// Whether this client presses the button after the first picture.
    pub presses: bool,
}

impl Plugin for CounterWindowPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, spawn_ui).add_systems(Update, (release_button, show_view));
        if let Some(script) = &self.script {
            app.insert_resource(script.clone()).add_systems(Update, run_script);
        }
    }
}

/// The button on the screen.
#[derive(Component)]
struct ButtonNode;

#[derive(Component)]
struct ButtonLabel;

#[derive(Component)]
struct StatusLabel;

const FREE: Color = Color::srgb(0.25, 0.35, 0.45);
const HELD: Color = Color::srgb(0.15, 0.55, 0.35);
const HELD_BY_OTHER: Color = Color::srgb(0.55, 0.3, 0.2);
const OFFLINE: Color = Color::srgb(0.2, 0.2, 0.2);

fn spawn_ui(mut commands: Commands) {
    commands.spawn(Camera2d);
    commands
        .spawn(Node {
            width: Val::Percent(100.0),
            height: Val::Percent(100.0),
            flex_direction: FlexDirection::Column,
            align_items: AlignItems::Center,
            justify_content: JustifyContent::Center,
            row_gap: Val::Px(24.0),
            ..default()
        })
        .with_children(|parent| {
            parent
                .spawn((
                    ButtonNode,
                    Node {
                        width: Val::Px(320.0),
                        height: Val::Px(120.0),
                        align_items: AlignItems::Center,
                        justify_content: JustifyContent::Center,
                        ..default()
                    },
                    BackgroundColor(OFFLINE),
                ))
                .with_children(|button| {
                    button.spawn((Text::default(), ButtonLabel, Pickable::IGNORE));
                })
                .observe(|_: On<PointerPress>, client: Option<Res<NetClient<Counter>>>| {
                    if let Some(client) = client {
                        press(&client);
                    }
                });
            parent.spawn((Text::default(), StatusLabel));
        });
}

/// Releases the button, also if the pointer has left it.
fn release_button(
    mouse: Res<ButtonInput<MouseButton>>,
    client: Option<Res<NetClient<Counter>>>,
    view: Res<View>,
) {
    if let Some(client) = client
        && mouse.just_released(MouseButton::Left)
        && view.holds(&client)
    {
        release(&client);
    }
}

fn show_view(
    view: Res<View>,
    client: Option<Res<NetClient<Counter>>>,
    mut color: Single<&mut BackgroundColor, With<ButtonNode>>,
    mut label: Single<&mut Text, (With<ButtonLabel>, Without<StatusLabel>)>,
    mut status: Single<&mut Text, (With<StatusLabel>, Without<ButtonLabel>)>,
) {
    if !view.is_changed() {
        return;
    }
    let holds = client.is_some_and(|client| view.holds(&client));
    let (text, background) = match &view.button {
        None => ("offline".into(), OFFLINE),
        Some(button) => match button.holder {
            None => (format!("free\npresses: {}", button.presses), FREE),
            Some(_) if holds => (format!("you hold it\npresses: {}", button.presses), HELD),
            Some(holder) => {
                let text =
                    format!("client {:04x} holds it\npresses: {}", holder >> 112, button.presses);
                (text, HELD_BY_OTHER)
            }
        },
    };
    label.0 = text;
    color.0 = background;
    status.0.clone_from(&view.status);
}

/// The progress of a script, with the number of frames that a step waits.
#[derive(Default)]
enum Step {
    #[default]
    AwaitFree,
    Before(u32),
    AwaitHeld,
    After(u32),
    End(u32),
}

/// The number of frames until a picture shows a change, and until a picture is written.
const FRAMES: u32 = 60;

fn run_script(
    script: Res<Script>,
    view: Res<View>,
    client: Option<Res<NetClient<Counter>>>,
    mut step: Local<Step>,
    mut commands: Commands,
    mut exit: MessageWriter<AppExit>,
) {
    let holder = view.button.as_ref().map(|button| button.holder);
    let mut picture = |name: &str| {
        let path = format!("{}-{name}.png", script.prefix);
        commands.spawn(Screenshot::primary_window()).observe(save_to_disk(path));
    };
    *step = match *step {
        Step::AwaitFree if holder == Some(None) => Step::Before(FRAMES),
        Step::Before(0) => {
            picture("before");
            if script.presses
                && let Some(client) = client
            {
                press(&client);
            }
            Step::AwaitHeld
        }
        Step::AwaitHeld if holder.flatten().is_some() => Step::After(FRAMES),
        Step::After(0) => {
            picture("after");
            Step::End(FRAMES)
        }
        Step::End(0) => {
            exit.write(AppExit::Success);
            Step::End(0)
        }
        Step::Before(frames) => Step::Before(frames - 1),
        Step::After(frames) => Step::After(frames - 1),
        Step::End(frames) => Step::End(frames - 1),
        Step::AwaitFree => Step::AwaitFree,
        Step::AwaitHeld => Step::AwaitHeld,
    };
}
