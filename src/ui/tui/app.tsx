/** The whole TUI: which screen is shown, and what a key press does. */
import { Box, Text, useApp, useInput } from "ink";
import {
  type ReactNode,
  useEffect,
  useReducer,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Controller } from "./controller.ts";
import { keyNames } from "./keys.ts";
import { CHROME_ROWS, COLUMNS_MIN, layOut, ROWS_MIN, type ScreenLayout } from "./layout.ts";
import { taintLetters } from "./model/taint.ts";
import { changeUi, INITIAL_UI } from "./model/ui-state.ts";
import { StatusLine, TitleBar } from "./screens/bars.tsx";
import { Chooser, type ScenarioSummary } from "./screens/chooser.tsx";
import { Help } from "./screens/help.tsx";
import { Player } from "./screens/player.tsx";
import { useTerminalSize } from "./screens/size.ts";
import type { OpenedSession, SessionDriver } from "./session-driver.ts";
import type { Theme } from "./theme.ts";

export interface AppProps {
  readonly scenarios: readonly ScenarioSummary[];
  /** Makes a machine for a scenario, or for a free shell; answers a sentence when it cannot. */
  readonly openSession: (name: string | undefined) => Promise<OpenedSession | string>;
  /** Open this one first. */
  readonly open?: string;
  readonly theme: Theme;
}

const RESTLESS =
  "a program runs on and on: Enter, then Ctrl-C stops it, any other key lets it go on";

function tooSmall(columns: number, rows: number): string {
  return `quicksand needs ${COLUMNS_MIN}x${ROWS_MIN}; this terminal is ${columns}x${rows}. Esc quits.`;
}

function machineFacts(driver: SessionDriver, position: number): string {
  const state = driver.index.at(position);
  const letters = taintLetters(state.taint);
  return [
    state.release || driver.session.release,
    state.boots > 1 ? `boot ${state.boots}` : "",
    `${(state.timeNs / 1e6).toFixed(3)} ms`,
    letters === "" ? "" : `tainted ${letters}`,
    state.halted,
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** Subscribes to a driver that may be absent. */
function useDriverVersion(driver: SessionDriver | undefined): number {
  return useSyncExternalStore(
    (listener) => driver?.subscribe(listener) ?? (() => undefined),
    () => driver?.getVersion() ?? 0,
  );
}

export function App(props: AppProps): ReactNode {
  const { theme, scenarios } = props;
  const { exit } = useApp();
  const { columns, rows } = useTerminalSize();
  const [ui, change] = useReducer(changeUi, INITIAL_UI);
  const [driver, setDriver] = useState<SessionDriver | undefined>();
  const version = useDriverVersion(driver);
  const length = driver?.length ?? 0;
  // The log may have grown since the last render: the cursor follows before anything is drawn.
  const current = changeUi(ui, { kind: "grown", length });
  const layout = layOut({
    columns,
    rows,
    recent: current.recent,
    hasStory: (driver?.pages.length ?? 0) > 0,
  });
  const controller = useRef<Controller>(undefined);
  controller.current ??= new Controller({ ...props, change, setDriver, exit });
  controller.current.see(current, driver, layout);

  useEffect(() => {
    if (version >= 0) change({ kind: "grown", length });
  }, [length, version]);
  useEffect(() => {
    if (props.open !== undefined) void controller.current?.open(props.open);
  }, [props.open]);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) controller.current?.press(name);
  });

  if (!layout.fits) return <Text wrap="wrap">{tooSmall(columns, rows)}</Text>;
  const context = controller.current.context();
  const height = rows - CHROME_ROWS;
  const player = ui.screen === "player" && driver !== undefined;
  const title = player
    ? driver.session.title
    : "why Linux promises its system calls, and nothing else";
  const facts = player ? machineFacts(driver, current.cursor.position) : "";
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <TitleBar left={`quicksand: ${title}`} right={facts} columns={columns} theme={theme} />
      {current.help ? (
        <Help
          context={controller.current.contextBelowHelp()}
          columns={columns}
          height={height}
          theme={theme}
        />
      ) : player ? (
        <Body driver={driver} layout={layout} ui={current} theme={theme} />
      ) : (
        <Chooser
          scenarios={scenarios}
          selected={ui.selected}
          columns={columns}
          height={height}
          theme={theme}
        />
      )}
      <StatusLine
        context={context}
        notice={current.notice || (driver?.restless ? RESTLESS : "")}
        columns={columns}
        theme={theme}
      />
    </Box>
  );
}

function Body(props: {
  readonly driver: SessionDriver;
  readonly layout: ScreenLayout;
  readonly ui: ReturnType<typeof changeUi>;
  readonly theme: Theme;
}): ReactNode {
  if (props.driver.failure === "") return <Player {...props} />;
  const { columns, rows } = props.layout;
  return (
    <Box width={columns} height={rows - CHROME_ROWS} padding={2} flexShrink={0}>
      <Text wrap="wrap">{props.driver.failure}</Text>
    </Box>
  );
}
