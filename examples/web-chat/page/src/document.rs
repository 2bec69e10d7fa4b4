//! The document, as far as this page needs it.

use simplenet::Url;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, Window};

/// Where the server of this page is: on the page's own port.
pub(crate) fn server_url() -> Result<Url, JsValue> {
    let location = window()?.location();
    let scheme = if location.protocol()? == "https:" { "wss" } else { "ws" };
    let url = format!("{scheme}://{}/chat", location.host()?);
    url.parse().map_err(|error| JsValue::from(format!("{url} is no URL: {error}")))
}

pub(crate) fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or_else(|| "there is no window".into())
}

fn document() -> Result<Document, JsValue> {
    window()?.document().ok_or_else(|| "there is no document".into())
}

/// The element with this id.
pub(crate) fn find<T: JsCast>(id: &str) -> Result<T, JsValue> {
    let element = document()?.get_element_by_id(id).and_then(|element| element.dyn_into().ok());
    element.ok_or_else(|| format!("the document has no fitting element `{id}`").into())
}

/// A new element with a text, as the last child of another. A document that refuses it has no place to say so.
pub(crate) fn append(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().ok()?.create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

/// Calls the handler for every event of this kind, as long as the page lives.
pub(crate) fn listen(
    target: &EventTarget,
    event: &str,
    handler: impl FnMut(Event) + 'static,
) -> Result<(), JsValue> {
    let handler = Closure::<dyn FnMut(Event)>::new(handler).into_js_value();
    target.add_event_listener_with_callback(event, handler.unchecked_ref())
}
