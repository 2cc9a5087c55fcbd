/**
 * dkms.conf: what a module's source folder says of itself.
 *
 * Source: dkms(8), DKMS.CONF. Left out: MAKE, patches, more than one module of a package, variables.
 */

export interface DkmsConf {
  readonly name: string;
  readonly version: string;
  /** The module's own name, which may be another than the package's. */
  readonly module: string;
  readonly autoinstall: boolean;
}

const DIRECTIVES = [
  "PACKAGE_NAME",
  "PACKAGE_VERSION",
  "BUILT_MODULE_NAME[0]",
  "DEST_MODULE_LOCATION[0]",
  "AUTOINSTALL",
] as const;

type Directive = (typeof DIRECTIVES)[number];

/** The configuration, or one sentence about what is wrong with it. */
export function readDkmsConf(text: string): DkmsConf | string {
  const found = new Map<Directive, string>();
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [, name, value = ""] = /^([A-Z_]+(?:\[0\])?)="?([^"]*)"?$/.exec(trimmed) ?? [];
    const directive = DIRECTIVES.find((each) => each === name);
    if (directive === undefined)
      return `dkms.conf:${index + 1}: unknown directive '${name ?? trimmed}'`;
    found.set(directive, value);
  }
  const [name, version] = [found.get("PACKAGE_NAME"), found.get("PACKAGE_VERSION")];
  if (name === undefined || !/^[\w-]+$/.test(name)) return "dkms.conf: no PACKAGE_NAME";
  if (version === undefined || !/^[\w.-]+$/.test(version)) return "dkms.conf: no PACKAGE_VERSION";
  const module = found.get("BUILT_MODULE_NAME[0]") ?? name;
  return { name, version, module, autoinstall: /^y/i.test(found.get("AUTOINSTALL") ?? "") };
}
