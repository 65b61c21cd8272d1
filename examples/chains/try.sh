#!/usr/bin/env bash
# Two chain nodes, their sentinels and the RPC front on this machine, broken one after another while somebody watches: see usage below.
# Runs on Linux and macOS (bash 3.2, the tools of POSIX, curl).
set -uo pipefail

readonly faults='stall lag kill hang chain'
# The names of two of the pods in the rendered configuration of the front.
readonly nodes='ethereum-geth-0 ethereum-geth-1'
readonly anvil_version=1.7.1
readonly chain_id=31337
# As the stack declares them for Ethereum. Blocks come every second here, twelve times as fast as there.
readonly lag=8 tip_age=60
# No read for longer than this is a failure: 15 s until a sentinel gives a node up, its call of 5 s and pause of 2 s, two checks of the front, one read.
readonly limit=30
# No older head than this is given out: the 8 blocks that a node may be behind, 7 s until its sentinel knows of its sibling's blocks and 2 s of its own node's,
# 6 s until the front has checked twice; the rest is for a busy machine. From another chain any head may come.
readonly oldest=35
# What does not happen within this time never will.
readonly timeout_seconds=150

usage() {
    cat <<EOF
usage: bash examples/chains/try.sh [FAULT...]

Starts two Ethereum nodes (anvil), a sentinel beside each and the front (HAProxy with the configuration that \`ha render\` writes) on this machine. A client
reads the newest block through the front five times a second, and the node that serves it is broken, in all these ways or in those named:

  stall   it gets no more blocks
  lag     it gets every fourth block
  kill    it is killed (kill -9), and started again
  hang    it keeps its connections open and answers nothing (SIGSTOP)
  chain   it is killed, and comes back as a node of another chain

On a terminal a table shows what goes on; piped, lines say what changed. A summary follows. Ctrl+C ends everything that was started.
Needs the .NET SDK, haproxy, curl and openssl, and anvil or npm: what npm fetches (@foundry-rs/anvil $anvil_version, 45 MB) stays in a cache folder.

Exit codes: 0 every node was taken out and came back, no read failed for longer than $limit s and none gave a head more than $oldest blocks old; 1 else;
  2 wrong arguments or a program is missing.

  NO_COLOR         no colours
  XDG_CACHE_HOME   where the cache folder ha-cluster is made; by default ~/.cache
EOF
}

fail() {
    [ -z "$table" ] || printf '\n'
    echo "try.sh: $1" >&2
    exit "${2:-1}"
}

# need PROGRAM HOW: notes a program that is missing.
need() {
    command -v "$1" >/dev/null || missing="$missing
  $1: $2"
}

check_programs() {
    missing=
    need dotnet 'https://dotnet.microsoft.com/download, version 10'
    need haproxy 'apt-get install haproxy, or brew install haproxy'
    need curl 'apt-get install curl'
    need openssl 'apt-get install openssl, or brew install openssl'
    anvil=$(command -v anvil || find_anvil "$cache")
    [ -n "$anvil" ] || need npm 'apt-get install npm, or brew install node: it fetches anvil; or put anvil on the PATH (https://getfoundry.sh)'
    [ -z "$missing" ] || fail "these programs are missing:$missing" 2
}

# The package for each system has the program itself; the command of @foundry-rs/anvil is a script of Node.js around it.
find_anvil() {
    find "$1/node_modules/@foundry-rs" -type f -path '*/bin/anvil' 2>/dev/null | head -n 1
}

# quietly TITLE COMMAND...: shows what was printed only when it fails.
quietly() {
    echo "$1 ..."
    shift
    "$@" >"$work/step.log" 2>&1 </dev/null && return
    tail -n 20 "$work/step.log" >&2
    fail "'$*' failed"
}

prepare() {
    if [ -z "$anvil" ]; then
        mkdir -p "$cache"
        quietly "fetching anvil $anvil_version with npm into $cache" \
            npm install --prefix "$cache" --no-save --ignore-scripts --no-audit --no-fund "@foundry-rs/anvil@$anvil_version"
        anvil=$(find_anvil "$cache")
        [ -n "$anvil" ] || fail "@foundry-rs/anvil has no program for this system; put anvil on the PATH (https://getfoundry.sh)" 2
    fi
    sentinel=infra/Services/Sentinel/bin/Debug/net10.0/sentinel.dll
    ha=infra/Cli/bin/Debug/net10.0/ha.dll
    build 'the sentinel' infra/Services/Sentinel "$sentinel" infra/Services/Sentinel
    build 'ha (which takes a minute)' infra/Cli "$ha" infra
    quietly 'rendering the front of the stack prod' \
        env TMPDIR="$work" dotnet "$ha" render --stack prod --out "$work/rendered"
    mkdir -p "$work/tls" "$work/state"
    echo 1 >"$work/state/servers"
    quietly 'making a certificate for the front' openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$work/tls/tls.key" -out "$work/tls/tls.crt"
    write_configuration
}

# build TITLE PROJECT PROGRAM SOURCES: unless it is there and newer than its sources. Servers of a build would outlive this script, and what they put into
# the folder for temporary files as well.
build() {
    [ -e "$3" ] && [ -z "$(find "$4" -name '*.cs' -newer "$3" -not -path '*/obj/*' | head -n 1)" ] && return
    quietly "building $1" env TMPDIR="$work" dotnet build "$2" -v:q --disable-build-servers
}

# Only folders, ports and addresses differ from the cluster's; two of its three nodes are there.
write_configuration() {
    local source=$work/rendered/configs/chains-ethereum-front/haproxy.cfg name index=0
    [ -s "$source" ] || fail "ha render wrote no $source"
    front=$(free_port)
    front_metrics=$(free_port)
    state=$(free_port)
    sed -e "s|/etc/haproxy/tls|$work/tls|" -e "s|/var/lib/haproxy|$work/state|" \
        -e "s|bind :8443 |bind 127.0.0.1:$front |" -e "s|bind :8405\$|bind 127.0.0.1:$front_metrics|" -e "s|127.0.0.1:9999|127.0.0.1:$state|" \
        -e '/^    server /d' "$source" >"$work/haproxy.cfg"
    for name in $nodes; do
        echo "    server $name 127.0.0.1:${rpc[index]} port ${ready[index]}" >>"$work/haproxy.cfg"
        index=$((index + 1))
    done
}

# Prints a port of the loopback on which nobody listens; each call another.
free_port() {
    local port
    port=$(cat "$work/port" 2>/dev/null || echo $((20000 + $$ % 20000)))
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo $((port + 1)) >"$work/port"
    echo "$port"
}

# run LOG COMMAND...: in the background, in a group of processes of its own, so that Ctrl+C reaches this script alone; its id is in $started.
run() {
    local log=$1
    shift
    set -m
    "$@" >"$work/$log" 2>&1 </dev/null &
    started=$!
    set +m
    pids="$pids $started"
}

# stop PID: ends a process with all that it started.
stop() {
    kill -9 -- "-$1" 2>/dev/null
    wait "$1" 2>/dev/null
    pids=$(echo "$pids " | sed "s/ $1 / /")
}

# shellcheck disable=SC2317,SC2329 # called by a trap
clean_up() {
    local pid
    for pid in $pids; do
        kill -9 -- "-$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    rm -rf "$work"
}

# call NODE BODY: JSON-RPC.
call() {
    curl -s -m 10 -H 'Content-Type: application/json' -d "$2" "http://127.0.0.1:${rpc[$1]}"
}

# start_node NODE ID: a node with no block but the first, which is the same on both.
start_node() {
    local tries=0
    run "node-$1.log" "$anvil" --host 127.0.0.1 --port "${rpc[$1]}" --chain-id "$2" --no-mining --timestamp "$began"
    node_pid[$1]=$started
    height[$1]=0
    while ! call "$1" '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}' | grep -q result; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ] || ! kill -0 "$started" 2>/dev/null; then
            fail "anvil does not start: $(tail -n 3 "$work/node-$1.log")"
        fi
        sleep 0.2
    done
}

# start_sentinel NODE: with the arguments of the stack but for addresses and the network.
start_sentinel() {
    local other=$((1 - $1))
    # Without files for debuggers, which a killed program leaves behind.
    run "sentinel-$1.log" env POD_NAME="${name[$1]}" DOTNET_EnableDiagnostics=0 dotnet "$sentinel" --listen="127.0.0.1:${ready[$1]}" --chain=ethereum --network=$chain_id --client=anvil \
        --rpc="http://127.0.0.1:${rpc[$1]}" --tip-age=$tip_age --lag=$lag --stall=900 --node="http://127.0.0.1:${ready[$other]}"
}

# advance NODE TO: gives a node its blocks, the same ones to both: block N is of the second N after the beginning. One call after the other (anvil carries out
# those of a batch in any order), and the node is asked first, because on a busy machine it may have carried out a call that was given up.
advance() {
    local number
    number=$(call "$1" '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}' | sed -n 's/.*"result":"\(0x[0-9a-f]*\)".*/\1/p')
    [ -n "$number" ] || return 0
    number=$((number))
    height[$1]=$number
    [ "$number" -lt "$2" ] || return 0
    while [ "$number" -lt "$2" ]; do
        number=$((number + 1))
        [ "$number" -eq $((height[$1] + 1)) ] || echo next
        printf 'silent\nmax-time = 10\nurl = "http://127.0.0.1:%s"\nheader = "Content-Type: application/json"\n' "${rpc[$1]}"
        printf 'data = "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"method\\":\\"evm_mine\\",\\"params\\":[%s]}"\n' $((began + number))
    done | curl -K - >/dev/null 2>&1
}

# The client: writes what it has seen so far into a file after every read.
# shellcheck disable=SC2030,SC2031 # it runs in a process of its own
read_on() {
    local reads=0 errors=0 gap=0 behind=0 last head now answer fault
    last=$(date +%s)
    fault=
    while :; do
        if [ "$fault" != "$(cat "$work/fault" 2>/dev/null)" ]; then
            fault=$(cat "$work/fault")
            reads=0 errors=0 gap=0 behind=0
        fi
        answer=$(curl -s -m 2 --cacert "$work/tls/tls.crt" -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}' \
            "https://localhost:$front" --resolve "localhost:$front:127.0.0.1" | sed -n 's/.*"result":"\(0x[0-9a-f]*\)".*/\1/p')
        now=$(date +%s)
        reads=$((reads + 1))
        if [ -n "$answer" ]; then
            head=$((answer))
            last=$now
            [ $((now - began - head)) -le "$behind" ] || behind=$((now - began - head))
        else
            errors=$((errors + 1))
        fi
        [ $((now - last)) -le "$gap" ] || gap=$((now - last))
        echo "$reads $errors $gap $behind ${head:-0} ${fault:--}" >"$work/client.new" && mv "$work/client.new" "$work/client"
        sleep 0.2
    done
}

# look: what sentinels, front and client say now.
look() {
    local index json metrics served
    metrics=$(curl -s -m 1 "http://127.0.0.1:$front_metrics/metrics" | grep -E '^haproxy_server_(status|http_responses_total)\{proxy="ethereum-nodes"')
    for index in 0 1; do
        json=$(curl -s -m 1 "http://127.0.0.1:${ready[index]}/ready")
        reason[index]=$(field reason)
        # Siblings are known by their addresses here.
        detail[index]=$(field detail | sed "s/127.0.0.1:${ready[0]}/${name[0]}/; s/127.0.0.1:${ready[1]}/${name[1]}/")
        head[index]=$(echo "$json" | sed -n 's/.*"head":{"height":\([0-9]*\).*/\1/p')
        behind[index]=$(echo "$json" | sed -n 's/.*"reference":{"height":\([0-9]*\).*/\1/p')
        behind[index]=$((${behind[index]:-0} - ${head[index]:-0}))
        is_up[index]=$(echo "$metrics" | grep -c "status{.*server=\"${name[index]}\",state=\"UP\"} 1")
        served=$(echo "$metrics" | sed -n "s/.*total{.*server=\"${name[index]}\",code=\"2xx\"} \([0-9]*\).*/\1/p")
        [ "${served:-0}" -le "${served_by[index]}" ] || serving=$index
        served_by[index]=${served:-0}
    done
    # shellcheck disable=SC2031 # as the client wrote them
    [ ! -e "$work/client" ] || read -r reads errors gap most_behind client_head client_fault <"$work/client"
}

# field NAME: of the JSON in $json.
field() {
    # shellcheck disable=SC2154 # of the caller
    echo "$json" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

# tick: a second goes by.
tick() {
    local index target
    target=$(($(date +%s) - began))
    for index in 0 1; do
        case ${mode[index]} in
            runs) advance "$index" "$target" ;;
            lags) advance "$index" $((slowed + (target - slowed) / 4)) ;;
        esac
    done
    look
    if [ -n "$table" ]; then draw; else tell; fi
    sleep 0.6
}

# until WHAT TEST...: ticks until it holds.
until_so() {
    local what=$1 from=$SECONDS
    shift
    while ! "$@"; do
        [ $((SECONDS - from)) -lt "$timeout_seconds" ] || fail "not within $timeout_seconds s: $what"
        tick
    done
}

is_out() { [ "${is_up[$1]}" = 0 ] && [ "${reason[$1]}" != ok ]; }
is_back() { [ "${is_up[$1]}" = 1 ] && [ "${reason[$1]}" = ok ]; }
are_both_back() { is_back 0 && is_back 1; }
is_reading() { [ "${reads:-0}" -gt 5 ]; }
is_counted_for() { [ "${client_fault:-}" = "$1" ]; }

# paint COLOUR TEXT: green serves, yellow answers but may not be used, red does not answer.
paint() {
    if [ -n "$colours" ]; then printf '\033[%sm%s\033[0m' "$1" "$2"; else printf '%s' "$2"; fi
}

colour_of() {
    case $1 in
        ok | fail-open) echo 32 ;;
        unanswered | starting | wrong-network | '') echo 31 ;;
        *) echo 33 ;;
    esac
}

# The table: every line fits 80 columns and is cleared before it is written. The last one is what the sentinel of the broken node says.
draw() {
    local index colour
    [ -z "$drawn" ] || printf '\033[7A'
    drawn=yes
    printf '\033[K\n\033[K%3d:%02d  %.70s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$event"
    printf '\033[K%-16s %6s %5s  %-5s %6s  %s\n' node head lag front served 'its sentinel says'
    for index in 0 1; do
        colour=$(colour_of "${reason[index]}")
        printf '\033[K%-16s %6s %5s  ' "${name[index]}" "${head[index]:--}" "${behind[index]}"
        paint "$([ "${is_up[index]}" = 1 ] && echo 32 || echo 31)" "$(printf '%-5s' "$([ "${is_up[index]}" = 1 ] && echo up || echo out)")"
        printf ' %6s  ' "${served_by[index]}"
        paint "$colour" "$(printf '%.35s' "${reason[index]:-nothing}")"
        printf '\n'
    done
    printf '\033[Kclient           %6s %5s  %s reads, ' "${client_head:-0}" '' "${reads:-0}"
    paint "$([ "${errors:-0}" = 0 ] && echo 32 || echo 31)" "${errors:-0} failed"
    printf ', longest gap %s s\n\033[K%.78s\n' "${gap:-0}" "${detail[${broken:-$serving}]}"
}

# The same as lines, of changes only.
tell() {
    local index now
    for index in 0 1; do
        now="${reason[index]} ${is_up[index]}"
        [ "$now" = "${told[index]}" ] && continue
        told[index]=$now
        printf '%7s s  %s: %s; the front %s\n' $((SECONDS - since)) "${name[index]}" "${detail[index]:-its sentinel does not answer}" \
            "$([ "${is_up[index]}" = 1 ] && echo 'uses it' || echo 'leaves it out')"
    done
}

say() {
    event=$1
    since=$SECONDS
    [ -n "$table" ] || printf '%s\n' "$event"
}

# try FAULT: breaks the node that serves the client, waits until the front leaves it out, puts it right and waits until it is back.
try() {
    local fault=$1 broken=$serving out
    echo "$fault" >"$work/fault"
    until_so 'the client notices the next fault' is_counted_for "$fault"
    case $fault in
        stall) say "$fault: ${name[broken]} gets no more blocks" && mode[broken]=stands ;;
        lag) say "$fault: ${name[broken]} gets every fourth block" && mode[broken]=lags && slowed=${height[broken]} ;;
        kill) say "$fault: ${name[broken]} is killed" && mode[broken]=stands && stop "${node_pid[broken]}" ;;
        hang) say "$fault: ${name[broken]} hangs" && mode[broken]=stands && kill -STOP "${node_pid[broken]}" ;;
        chain)
            say "$fault: ${name[broken]} comes back as a node of mainnet" && mode[broken]=stands && stop "${node_pid[broken]}"
            start_node "$broken" 1
            ;;
    esac
    until_so "the front leaves ${name[broken]} out" is_out "$broken"
    out=$((SECONDS - since))
    case $fault in
        kill) start_node "$broken" $chain_id ;;
        hang) kill -CONT "${node_pid[broken]}" ;;
        chain) stop "${node_pid[broken]}" && start_node "$broken" $chain_id ;;
    esac
    mode[broken]=runs
    say "$fault: repaired"
    until_so "${name[broken]} is back" is_back "$broken"
    summary="$summary
$(printf '%-6s %9s s %9s s %8s %8s %12s s %9s blocks' "$fault" "$out" $((SECONDS - since)) "$reads" "$errors" "$gap" "$most_behind")"
    [ "$gap" -le "$limit" ] || too_long="$too_long $fault"
    [ "$fault" = chain ] || [ "$most_behind" -le "$oldest" ] || too_old="$too_old $fault"
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ha-cluster/anvil
table='' colours='' drawn='' pids='' summary='' too_long='' too_old='' event='' chosen=$*
for fault in $chosen; do
    case $fault in
        -h | --help)
            usage
            exit 0
            ;;
    esac
    case " $faults " in
        *" $fault "*) ;;
        *) fail "there is no fault $fault; there are: $faults" 2 ;;
    esac
done
[ ! -t 1 ] || [ "${TERM:-dumb}" = dumb ] || table=yes
[ -z "$table" ] || [ -n "${NO_COLOR:-}" ] || colours=yes
check_programs
work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

rpc=("$(free_port)" "$(free_port)")
ready=("$(free_port)" "$(free_port)")
read -r -a name <<<"$nodes"
mode=(runs runs) height=(0 0) node_pid=('' '') reason=('' '') detail=('' '') head=('' '') behind=(0 0) is_up=(0 0) served_by=(0 0) told=('' '')
serving=0 slowed=0 since=$SECONDS
prepare
began=$(date +%s)
for index in 0 1; do
    start_node $index $chain_id
    start_sentinel $index
done
run haproxy.log haproxy -db -f "$work/haproxy.cfg"
say 'nodes, sentinels and front start'
echo start >"$work/fault"
until_so 'both nodes are ready and in the front' are_both_back
run client.log read_on
until_so 'the client reads' is_reading
for fault in ${chosen:-$faults}; do try "$fault"; done
[ -z "$table" ] || printf '\n'
printf '\n%-6s %11s %11s %8s %8s %14s %16s\n' fault 'out after' 'back after' reads failed 'longest gap' 'furthest behind'
echo "${summary#?}"
[ -z "$too_long" ] || echo "no read for longer than $limit s:$too_long" >&2
[ -z "$too_old" ] || echo "a read gave a head more than $oldest blocks old:$too_old" >&2
[ -z "$too_long$too_old" ]
