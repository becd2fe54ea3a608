// What is no message: the open window, and App Home.
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { Blocks } from "./blocks";
import { Stage } from "./stage";
import type { Option, View } from "./model";

/** What the blocks of a view do; `where` is the window or App Home. */
function useClicking(where: "modal" | "home") {
  const { does } = useContext(Stage);
  return {
    click: (_: unknown, label: string) => does("click_in", { where, label }),
    search: async (action_id: string, text: string) =>
      ((await does("search", { where, action_id, text })).told ?? []) as Option[],
  };
}

export function Modal({ view }: { view: View }) {
  const { does } = useContext(Stage);
  const [typed, setTyped] = useState<Record<string, string>>(() => begun(view));
  const [complaints, complain] = useState<Record<string, string>>({});
  const dialog = useRef<HTMLDialogElement>(null);
  const clicking = useClicking("modal");
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const submit = async () => complain(((await does("submit", { typed })).told ?? {}) as {});
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
          void submit();
        }}
      >
        <h2 id="modal-title">{view.title?.text}</h2>
        <Blocks
          blocks={view.blocks}
          typed={typed}
          complaints={complaints}
          type={(action_id, chosen, tell) => {
            setTyped((before) => ({ ...before, [action_id]: chosen }));
            if (tell) void does("pick", { action_id, chosen });
          }}
          {...clicking}
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

/** What stands in the fields that are typed into, at first. */
function begun(view: View): Record<string, string> {
  const fields = view.blocks.flatMap((block) => (block.element ? [block.element] : []));
  const typing = fields.filter((each) => each.type === "plain_text_input");
  return Object.fromEntries(typing.map((each) => [each.action_id ?? "", ""]));
}

export function Home() {
  const { seen, does } = useContext(Stage);
  const clicking = useClicking("home");
  useEffect(() => void does("home"), []);
  return (
    <>
      <header class="bar">
        <h2>App Home</h2>
      </header>
      <div class="log home" tabIndex={0} role="region" aria-label="App Home">
        {seen.home ?
          <Blocks blocks={seen.home.blocks} {...clicking} />
        : <p>slsdiag has published nothing here yet.</p>}
      </div>
    </>
  );
}
