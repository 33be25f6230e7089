// The page's composition root: connects the host, the store and the view. The language is set first, because modules
// create their texts while they load.
import "./base/language.ts";
import { render } from "preact";
import { connectHost } from "./store/host.ts";
import { Copy, TextRequests } from "./markdown/textContext.ts";
import { warmUp } from "./markdown/warmUp.ts";
import { Panel } from "./panel.tsx";
import { PanelStore } from "./store/panelStore.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("The document has no #root");

const host = connectHost((message) => store.receive(message));
const store = new PanelStore(host);
// The last typed text must not be lost when the page is hidden, reloaded or closed.
window.addEventListener("pagehide", () => store.composer.leaves());
document.addEventListener("visibilitychange", () => store.composer.leaves());
render(
  <TextRequests.Provider value={(request) => host.post(request)}>
    <Copy.Provider value={(text) => store.copying.copy(text)}>
      <Panel store={store} />
    </Copy.Provider>
  </TextRequests.Provider>,
  root,
);
host.post({ type: "ready" });
warmUp();
