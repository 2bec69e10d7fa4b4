//! Access to the document of the page.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, Window};

/// Returns the URL of the channel, which has the host and port of the page.
pub(crate) fn server_url() -> Result<String, JsValue> {
    let location = window()?.location();
    let scheme = if location.protocol()? == "https:" { "wss" } else { "ws" };
    Ok(format!("{scheme}://{}/chat", location.host()?))
}

pub(crate) fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or_else(|| "no window".into())
}

fn document() -> Result<Document, JsValue> {
    window()?.document().ok_or_else(|| "no document".into())
}

/// Returns the element with an id. Fails if it does not exist or has another type.
pub(crate) fn find<T: JsCast>(id: &str) -> Result<T, JsValue> {
    let element = document()?.get_element_by_id(id).and_then(|element| element.dyn_into().ok());
    element.ok_or_else(|| format!("missing element `{id}`, or of another type").into())
}

/// Appends a new element with a text to another element. Returns `None` if the document refuses it.
pub(crate) fn append(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().ok()?.create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

/// Calls a handler for every event of a kind, as long as the page exists.
pub(crate) fn listen(
    target: &EventTarget,
    event: &str,
    handler: impl FnMut(Event) + 'static,
) -> Result<(), JsValue> {
    let handler = Closure::<dyn FnMut(Event)>::new(handler).into_js_value();
    target.add_event_listener_with_callback(event, handler.unchecked_ref())
}
