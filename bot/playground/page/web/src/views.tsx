// What is no message: the open window, and App Home.
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { Blocks } from "./blocks";
import { Stage } from "./stage";
import type { View } from "./model";

export function Modal({ view }: { view: View }) {
  const { does } = useContext(Stage);
  const [typed, setTyped] = useState<Record<string, string>>(() => begun(view));
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="modal-title"
      onCancel={(event) => {
        event.preventDefault();
        void does("close");
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void does("submit", { typed });
        }}
      >
        <h2 id="modal-title">{view.title?.text}</h2>
        <Blocks
          blocks={view.blocks}
          typed={typed}
          type={(action, value) => setTyped((before) => ({ ...before, [action]: value }))}
          press={() => undefined}
        />
        <div class="actions end">
          <button type="button" onClick={() => void does("close")}>
            {view.close?.text ?? "Close"}
          </button>
          {view.submit && (
            <button type="submit" class="primary">
              {view.submit.text}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

/** Every field of the window, empty at first: each is sent. */
function begun(view: View): Record<string, string> {
  const fields = view.blocks.map((block) => block.element);
  return Object.fromEntries(
    fields.flatMap((each) => (each?.action_id ? [[each.action_id, each.initial_value ?? ""]] : [])),
  );
}

export function Home() {
  const { seen, does } = useContext(Stage);
  useEffect(() => void does("home"), []);
  return (
    <>
      <header class="bar">
        <h2>App Home</h2>
      </header>
      <div class="log home" tabIndex={0} role="region" aria-label="App Home">
        {seen.home ?
          <Blocks
            blocks={seen.home.blocks}
            press={(element) => does("press_home", { action_id: element.action_id })}
          />
        : <p>slsdiag has published nothing here yet.</p>}
      </div>
    </>
  );
}
