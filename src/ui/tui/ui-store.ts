/**
 * Where the user is and which machine is open, in one place: a key press sees at once what the one
 * before it did, and React is told that something has changed.
 */
import { layOut, type ScreenLayout } from "./layout.ts";
import { changeUi, INITIAL_UI, type UiChange, type UiState } from "./model/ui-state.ts";
import type { TerminalSize } from "./screens/size.ts";
import type { SessionDriver } from "./session-driver.ts";

export class UiStore {
  #ui: UiState = INITIAL_UI;
  #driver: SessionDriver | undefined;
  #size: TerminalSize = { columns: 0, rows: 0 };
  #version = 0;
  #unsubscribe: () => void = () => undefined;
  readonly #listeners: Set<() => void> = new Set();

  /** The log may have grown since the last look: the cursor follows before anything is drawn. */
  get ui(): UiState {
    this.#ui = changeUi(this.#ui, { kind: "grown", length: this.#driver?.length ?? 0 });
    return this.#ui;
  }

  get driver(): SessionDriver | undefined {
    return this.#driver;
  }

  get layout(): ScreenLayout {
    const { recent, zoomed } = this.#ui;
    const hasStory = (this.#driver?.pages.length ?? 0) > 0;
    return layOut({ ...this.#size, recent, hasStory, zoomed });
  }

  change(change: UiChange): void {
    this.#ui = changeUi(this.ui, change);
    this.#tell();
  }

  setDriver(driver: SessionDriver | undefined): void {
    this.#unsubscribe();
    this.#driver = driver;
    this.#unsubscribe = driver?.subscribe(this.#tell) ?? (() => undefined);
    this.#tell();
  }

  /** Called while drawing, so that it tells nobody. */
  resize(size: TerminalSize): void {
    this.#size = size;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getVersion = (): number => this.#version;

  #tell = (): void => {
    this.#version++;
    for (const listener of this.#listeners) listener();
  };
}
