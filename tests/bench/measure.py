#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures, called by bench.sh. Rounds are interleaved (every program once per round, in turn), so that a machine that gets
slower or busier meets all alike; what is reported is the median of each, and the median of the ratios within each round."""
import argparse, json, os, platform, pty, re, shutil, statistics, subprocess, sys, time


def run(command, stdout=subprocess.DEVNULL, env=None, timeout=600):
    """Runs to the end; seconds of wall time, peak resident MiB, CPU seconds, standard error."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"bench: {' '.join(command)} failed with {process.returncode}: {error.decode(errors='replace')[-600:]}")
    return dict(seconds=seconds, rss=usage.ru_maxrss / 1024, cpu=usage.ru_utime + usage.ru_stime, error=error.decode(errors="replace"))


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return dict(cpu=cpu, processors=os.cpu_count(), memory_gib=round(memory / 1048576, 1), system=platform.platform())


def json_lines(text):
    found = []
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("{") and line.endswith("}"):
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError:
                pass
    return found


class Report:
    def __init__(self, out):
        self.out, self.lines, self.data, self.missed = out, [], {"machine": machine()}, []

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)

    def target(self, name, value, limit, at_most, unit=""):
        good = value <= limit if at_most else value >= limit
        bound = ("at most" if at_most else "at least") + f" {limit:g}{unit}"
        self.say(f"  {'ok    ' if good else 'MISSED'}  {name}: {value:.2f}{unit} (target: {bound})")
        self.data.setdefault("targets", []).append(dict(name=name, value=round(value, 3), limit=limit, at_most=at_most, met=good))
        if not good:
            self.missed.append(name)

    def write(self):
        with open(os.path.join(self.out, "results.json"), "w") as file:
            json.dump(self.data, file, indent=1)
        with open(os.path.join(self.out, "results.txt"), "w") as file:
            file.write("\n".join(self.lines) + "\n")


def lists(a, report):
    # The same list as watchkeeperctl and the informer ask for: from the server's watch cache, not from etcd.
    wire = os.path.join(a.dir, "pods.pb")
    programs = {
        "curl, protobuf into a file": ["curl", "-fsS", "--cacert", f"{a.dir}/ca.crt", "--cert", f"{a.dir}/admin.crt", "--key", f"{a.dir}/admin.key",
                                       "-H", "Accept: application/vnd.kubernetes.protobuf", f"https://127.0.0.1:{a.port}/api/v1/pods?resourceVersion=0", "-o", wire],
        "watchkeeperctl get pods -A": [f"{a.bin}/watchkeeperctl", "--kubeconfig", a.config, "get", "pods", "-A", "--stats"],
        "kubectl get pods -A": ["kubectl", "--kubeconfig", a.config, "get", "pods", "-A"],
    }
    if a.informer:
        programs["informer-bench (client-go)"] = [a.informer, "--kubeconfig", a.config]
    samples = {name: [] for name in programs}
    own = []
    for round_number in range(-1, a.rounds):  # round -1 warms caches and is not counted
        for name, command in programs.items():
            if name.startswith("kubectl") and round_number >= 3:
                continue  # 15 s each; three are enough for a ratio of ten
            informer = name.startswith("informer")
            target = open(os.path.join(a.dir, "out"), "wb")
            sample = run(command, stdout=target)
            target.close()
            if informer:
                said = json_lines(open(os.path.join(a.dir, "out")).read())[-1]
                sample["synced"], sample["rss"] = said["synced_s"], said["peak_rss_mib"]
            if name.startswith("watchkeeperctl"):
                said = json_lines(sample["error"])[-1]
                sample["synced"], sample["rss"] = said["synced_s"], said["peak_rss_mib"]
                if said["objects"] < a.pods:
                    raise SystemExit(f"bench: watchkeeperctl saw {said['objects']} objects, not {a.pods}")
                own.append(said)
            if round_number >= 0:
                samples[name].append(sample)
    report.say(f"List of {own[-1]['objects']} pods, {os.path.getsize(wire) / 1e6:.0f} MB as protobuf; medians of {a.rounds} interleaved rounds")
    report.say(f"  {'':32}{'synced s':>10}{'wall s':>10}{'CPU s':>10}{'peak MiB':>10}")
    for name, values in samples.items():
        middle = lambda key: statistics.median(v.get(key, v["seconds"]) for v in values)
        report.say(f"  {name:32}{middle('synced'):>10.2f}{middle('seconds'):>10.2f}{middle('cpu'):>10.2f}{middle('rss'):>10.0f}")
        report.data.setdefault("list", {})[name] = [dict((k, round(v, 3)) for k, v in s.items() if k != "error") for s in values]
    report.data["stats"] = own[-1]

    def ratio(above, below):
        top, bottom = samples[above], samples[below]
        return statistics.median(top[i].get("synced", top[i]["seconds"]) / bottom[i].get("synced", bottom[i]["seconds"])
                                 for i in range(min(len(top), len(bottom))))
    ours = "watchkeeperctl get pods -A"
    report.target("time against curl", ratio(ours, "curl, protobuf into a file"), 1.4, True, " x")
    report.target("times faster than kubectl get pods -A", ratio("kubectl get pods -A", ours), 10, False, " x")
    if a.informer:
        report.target("times faster than informer-bench", ratio("informer-bench (client-go)", ours), 2.5, False, " x")
    else:
        report.say("  informer-bench was not found and is left out")
    report.target("peak memory of watchkeeperctl", statistics.median(s["rss"] for s in samples[ours]), 100, True, " MiB")
    os.remove(wire)


def recorded_frames(a):
    """Watch frames of the server's own pods in both content types: a watch from version 0 begins with every object."""
    files = []
    for name, accept in (("frames.pb", "application/vnd.kubernetes.protobuf;stream=watch"), ("frames.json", "application/json;stream=watch")):
        files.append(os.path.join(a.dir, name))
        subprocess.run(["curl", "-fsS", "--cacert", f"{a.dir}/ca.crt", "--cert", f"{a.dir}/admin.crt", "--key", f"{a.dir}/admin.key", "-H", f"Accept: {accept}",
                        f"https://127.0.0.1:{a.port}/api/v1/pods?watch=true&resourceVersion=0&timeoutSeconds=5", "-o", files[-1]], check=True, timeout=60)
    return files


def microbench(a, report):
    for title, program, arguments in (("Decoding", a.decode, ["2", *recorded_frames(a)]), ("Table engine", a.table, []), ("Changes", a.changes, []), ("Monitoring", a.monitoring, []), ("Overview", a.overview, [])):
        if not os.path.exists(program):
            continue
        done = subprocess.run([program, *arguments], capture_output=True, text=True, env=dict(os.environ, QT_QPA_PLATFORM="offscreen"), timeout=600)
        report.say()
        report.say(f"{title} ({os.path.basename(program)}, exit code {done.returncode})")
        for line in (done.stdout + done.stderr).splitlines():
            if line.strip() and not re.match(r"(\*\*\*|Config:|PASS|Totals|QINFO|QStandardPaths|This plugin)", line):
                report.say("  " + line.rstrip())
        report.data[title.lower()] = json_lines(done.stdout + done.stderr)
    for said in report.data.get("overview", []):
        if "fewer" in said:
            report.target("times fewer queries of an open overview than one for every figure", said["fewer"], 5, False, " x")


def less_to_the_end(path):
    """Opens the file in less on a terminal of its own, goes to its end with line numbers, quits: seconds, peak resident MiB."""
    begin = time.monotonic()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("less", ["less", "-N", "+G", path], dict(os.environ, TERM="xterm", LESS="", LESSHISTFILE="-"))
    os.write(terminal, b"q")
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # the terminal goes with the program
    _, _, usage = os.wait4(pid, 0)
    os.close(terminal)
    return dict(seconds=time.monotonic() - begin, rss=usage.ru_maxrss / 1024)


def logs(a, report, rounds=3, count=1_000_000):
    """A log of a million lines: taken in, stored and searched by us; the same file beside it in less and grep, where they are."""
    if not os.path.exists(a.logs):
        return
    path = os.path.join(a.dir, "lines.log")
    ours, less, grep = [], [], []
    for _ in range(rounds):
        ours += json_lines(subprocess.run([a.logs, path, str(count)], capture_output=True, text=True, check=True, timeout=600).stdout)
        if shutil.which("less"):
            less.append(less_to_the_end(path))
        grep.append(run(["grep", "-ic", "streams/4711", path], stdout=subprocess.PIPE)["seconds"])
    os.remove(path)
    middle = lambda rows, key: statistics.median(row[key] for row in rows)
    report.say()
    report.say(f"Logs: {count} lines, median of {rounds}")
    for key in ("ingest_lines_per_s", "ingest_s", "resident_mib", "text_mib", "line_read_us", "filter_words_s", "filter_regex_s"):
        report.say(f"  {key:32}{middle(ours, key):g}")
    if less:
        report.say(f"  {'less -N +G: seconds, peak MiB':32}{middle(less, 'seconds'):.2f}, {middle(less, 'rss'):.0f}")
    report.say(f"  {'grep -ic: seconds':32}{statistics.median(grep):.2f}")
    report.target("log lines taken in, a second", middle(ours, "ingest_lines_per_s"), 200_000, False)
    report.target("resident at 1,000,000 lines", middle(ours, "resident_mib"), 128, True, " MiB")
    report.data["logs"] = dict(ours=ours, less=less, grep_s=grep)


def search(a, report, rounds=3, count=100_000):
    """The palette: a hundred thousand names, typed letter by letter."""
    ours = []
    for _ in range(rounds):
        ours += json_lines(subprocess.run([a.search, str(count)], capture_output=True, text=True, check=True, timeout=120).stdout)
    middle = lambda key: statistics.median(row[key] for row in ours)
    report.say()
    report.say(f"Palette: {count} names, median of {rounds}")
    for key in ("open_ms", "first_median_ms", "all_median_ms", "all_worst_ms"):
        report.say(f"  {key:32}{middle(key):g}")
    report.target("palette, from a key to all that fits, at worst", middle("all_worst_ms"), 50, True, " ms")
    report.data["search"] = ours


def execution(a, report, steps=20):
    """A plan of `steps` small changes, carried out from the approved request, beside the same calls by curl: one process each, as
    a script would. Both end with the API server's answer to the last; ours also records every step twice in the store."""
    kubectl = ["kubectl", "--kubeconfig", a.config]

    def ctl(person, *arguments):
        done = subprocess.run([f"{a.bin}/watchkeeperctl", "--kubeconfig", a.config, "--store", a.store.replace("PERSON", person), *arguments],
                              capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise SystemExit(f"bench: watchkeeperctl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    names = [f"bench-{number}" for number in range(steps)]
    objects = [dict(apiVersion="v1", kind="ConfigMap", metadata=dict(name=name, namespace="default"), data=dict(round="none")) for name in names]
    subprocess.run([*kubectl, "apply", "-f", "-"], input=json.dumps(dict(apiVersion="v1", kind="List", items=objects)), text=True, check=True, stdout=subprocess.DEVNULL)
    ctl("postgres", "store", "init")
    for person, role in (("anna", "operator"), ("tom", "tech-lead"), ("olaf", "operations")):
        ctl("postgres", "store", "grant", person, role)
    context = subprocess.run([*kubectl, "config", "current-context"], capture_output=True, text=True, check=True).stdout.strip()
    ours, theirs = [], []
    for number in range(a.rounds):
        plan = dict(format="watchkeeper/plan/v1", platform="streamgate", title=f"Bench round {number}", steps=[
            dict(action="patchConfigMap", parameters=dict(data=dict(round=f"plan {number}")),
                 target=dict(cluster="production", group="", version="v1", kind="ConfigMap", resource="configmaps", namespace="default", name=name)) for name in names])
        path = os.path.join(a.dir, "plan.json")
        with open(path, "w") as file:
            json.dump(plan, file)
        filed = json.loads(ctl("anna", "change", "new", "--plan", path, "--title", "[bench] - round", "--what", "Patch", "--why", "To measure it", "--impact", "None",
                               "--tests", "unit", "--rollback-plan", "Patch back", "--rollback-minutes", "1", "--data-recovery", "None", "--submit", "-o", "json"))
        for person in ("tom", "olaf"):
            ctl(person, "change", "approve", str(filed["number"]), "--sha256", filed["sha256"])
        begin = time.monotonic()
        ctl("anna", "change", "execute", str(filed["number"]), "--context", context)
        ours.append(time.monotonic() - begin)
        begin = time.monotonic()
        for name in names:
            subprocess.run(["curl", "-fsS", "--cacert", f"{a.dir}/ca.crt", "--cert", f"{a.dir}/admin.crt", "--key", f"{a.dir}/admin.key", "-X", "PATCH",
                            "-H", "Content-Type: application/merge-patch+json", "-d", json.dumps(dict(data=dict(round=f"curl {number}"))), "-o", "/dev/null",
                            f"https://127.0.0.1:{a.port}/api/v1/namespaces/default/configmaps/{name}"], check=True, timeout=60)
        theirs.append(time.monotonic() - begin)
        ctl("anna", "change", "close", str(filed["number"]))
    report.say()
    report.say(f"A plan of {steps} steps; medians of {a.rounds} interleaved rounds")
    plan_s, curl_s, ratio = statistics.median(ours), statistics.median(theirs), statistics.median(o / t for o, t in zip(ours, theirs))
    report.say(f"  watchkeeperctl change execute     {plan_s:8.2f} s   {plan_s / steps * 1000:6.0f} ms a step")
    report.say(f"  the same {steps} calls by curl        {curl_s:8.2f} s   {curl_s / steps * 1000:6.0f} ms a call")
    report.say(f"  ratio                             {ratio:8.2f} x")
    report.data["execution"] = dict(steps=steps, plan_s=round(plan_s, 3), curl_s=round(curl_s, 3), ratio=round(ratio, 2))


def cockpit(a, report, seconds=30):
    program = f"{a.bin}/watchkeeper"
    if not os.path.exists(program):
        report.say("the cockpit was not built")
        return
    churn = subprocess.Popen([a.populate, "--kubeconfig", a.config, "churn", "--rate", "100", "--seconds", str(seconds + 20)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        env = dict(os.environ, KUBECONFIG=a.config)
        if not os.environ.get("DISPLAY"):
            env["QT_QPA_PLATFORM"] = "offscreen"
        done = run([program, "--kubeconfig", a.config, "--bench", str(seconds)], env=env, stdout=open(os.path.join(a.dir, "cockpit"), "wb"), timeout=seconds + 120)
    finally:
        churn.terminate()
        churn.wait()
    said = json_lines(open(os.path.join(a.dir, "cockpit")).read() + "\n" + done["error"])
    report.say()
    report.say(f"Cockpit, {a.pods} pods, 100 changes a second for {seconds} s ({'on ' + env['QT_QPA_PLATFORM'] if 'QT_QPA_PLATFORM' in env else 'on this display'})")
    for line in said:
        for key, value in line.items():
            report.say(f"  {key:32}{value}")
    report.say(f"  {'peak MiB of the process':32}{done['rss']:.0f}")
    report.say(f"  {'CPU seconds in all':32}{done['cpu']:.1f}")
    report.data["cockpit"] = dict(said=said, peak_rss_mib=round(done["rss"]), cpu_s=round(done["cpu"], 2))


def main():
    p = argparse.ArgumentParser()
    for name in ("out", "bin", "config", "dir", "informer", "populate", "decode", "table", "changes", "monitoring", "overview", "logs", "search", "store"):
        p.add_argument("--" + name, required=True)
    for name in ("port", "rounds", "pods"):
        p.add_argument("--" + name, type=int, required=True)
    a = p.parse_args()
    report = Report(a.out)
    about = report.data["machine"]
    report.say(f"Machine: {about['cpu']}, {about['processors']} processors, {about['memory_gib']} GiB, {about['system']}")
    report.say()
    lists(a, report)
    microbench(a, report)
    logs(a, report)
    search(a, report)
    execution(a, report)
    cockpit(a, report)
    report.say()
    report.say("every target met" if not report.missed else "missed: " + ", ".join(report.missed))
    report.write()
    print(f"\nwritten: {a.out}/results.json, results.txt", file=sys.stderr)


main()
