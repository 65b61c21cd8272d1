#!/usr/bin/env bash
# The payments service with a signer and two local chains, and a tour through it: see usage below.
# Runs on Linux and macOS (bash 3.2, the tools of POSIX, curl).
set -uo pipefail

# What does not happen within this time never will.
readonly timeout_seconds=120
# Of the examples of BIP-173 and of every Ethereum development node: worth nothing here.
readonly bitcoin_vault=bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080
readonly rich=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
readonly ethereum_vault=0x70997970C51812dc3A010C7d01b50e0d17dc79C8

usage() {
    cat <<EOF
usage: bash examples/payments/try.sh [--stay]

Starts a Bitcoin node (bcoin, regtest), an Ethereum node (anvil), a signer and the payments service on this machine, all on loopback, and shows with curl:
an address, a deposit and its confirmations, a reorganisation, a transfer that is asked for twice and paid once, automatic forwarding, an address without a key and its sweep,
webhooks, the books.
Every command that it prints can be repeated in another terminal while it runs.

  --stay    does not end after the tour, but with Ctrl+C
  --help    prints this

Needs the .NET SDK, curl and Node.js with npm. npm fetches the nodes (about 200 MB) where tests/Sentinel.Tests/Peers/Node does not have them; they stay there.

Exit codes: 0 everything came out as it should; 1 else; 2 wrong arguments or a program is missing.
EOF
}

fail() {
    echo "try.sh: $1" >&2
    exit "${2:-1}"
}

# need PROGRAM HOW: notes a program that is missing.
need() {
    command -v "$1" >/dev/null || missing="$missing
  $1: $2"
}

# quietly TITLE COMMAND...: shows what was printed only when it fails.
quietly() {
    echo "$1 ..."
    shift
    "$@" >"$work/step.log" 2>&1 </dev/null && return
    tail -n 20 "$work/step.log" >&2
    fail "'$*' failed"
}

# Prints a port of the loopback on which nobody listens; each call another.
free_port() {
    local port
    port=$(cat "$work/port" 2>/dev/null || echo $((20000 + $$ % 20000)))
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo $((port + 1)) >"$work/port"
    echo "$port"
}

# run LOG COMMAND...: in the background, in a group of processes of its own, so that Ctrl+C reaches this script alone.
run() {
    local log=$1
    shift
    set -m
    "$@" >"$work/$log" 2>&1 </dev/null &
    pids="$pids $!"
    set +m
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

# until_so WHAT COMMAND...: tries until it succeeds.
until_so() {
    local what=$1 from=$SECONDS
    shift
    until "$@" >/dev/null 2>&1; do
        if [ $((SECONDS - from)) -ge $timeout_seconds ]; then
            tail -n 5 "$work/service.log" "$work/signer.log" >&2
            fail "not within $timeout_seconds s: $what"
        fi
        sleep 0.3
    done
}

# ethereum METHOD [PARAMETERS], bitcoin METHOD [PARAMETERS], purse METHOD [PARAMETERS]: JSON-RPC of the nodes, and of the wallet that bcoin has.
ethereum() { curl -sf -m 20 -H 'Content-Type: application/json' -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":[${2:-}]}" "http://127.0.0.1:$ethereum_port"; }
bitcoin() { curl -sf -m 60 -u x:tour -d "{\"method\":\"$1\",\"params\":[${2:-}]}" "http://127.0.0.1:$bitcoin_port"; }
purse() { curl -sf -m 60 -u x:tour -d "{\"method\":\"$1\",\"params\":[${2:-}]}" "http://127.0.0.1:$purse_port"; }

# mine BITCOIN ETHEREUM: so many blocks.
mine() {
    [ "$1" = 0 ] || bitcoin generatetoaddress "$1, \"$miner\"" | grep -q '"error":null' || fail 'bcoin makes no blocks'
    [ "$2" = 0 ] || ethereum anvil_mine "$2" >/dev/null || fail 'anvil makes no blocks'
}

# field NAME: of the JSON on standard input, the first one of this name.
field() { tr '{,' '\n' | sed -n "s/^\"$1\":\"\{0,1\}\([^\"}]*\).*/\1/p" | head -n 1; }

step() { printf '\n== %s\n' "$1"; }

# ask METHOD PATH [BODY [KEY]]: shows the request as a command, and its answer, which is also in $answer.
ask() {
    local arguments
    arguments=(-s -m 60)
    printf '$ curl -s'
    if [ "$1" != GET ]; then
        printf ' -X %s' "$1"
        arguments+=(-X "$1")
    fi
    if [ -n "${4:-}" ]; then
        printf " -H 'Idempotency-Key: %s'" "$4"
        arguments+=(-H "Idempotency-Key: $4")
    fi
    if [ -n "${3:-}" ]; then
        printf " -H 'Content-Type: application/json' -d '%s'" "$3"
        arguments+=(-H 'Content-Type: application/json' -d "$3")
    fi
    printf ' %s%s\n' "$url" "$2"
    answer=$(curl "${arguments[@]}" "$url$2") || fail 'the service does not answer'
    echo "$answer"
    case $answer in
        *'"type":"urn:'*) fail 'the service refused it' ;;
    esac
}

# has PATH TEXT: whether an answer has it.
has() { curl -sf -m 20 "$url$1" | grep -q "$2"; }

# mined_until PATH TEXT BITCOIN ETHEREUM: the same, with blocks in between.
mined_until() {
    mine "$3" "$4"
    has "$1" "$2"
}

prepare() {
    if [ ! -e "$nodes/bcoin/bin/node" ] || [ -z "$(find_anvil)" ]; then
        quietly 'fetching anvil and bcoin with npm' npm ci --prefix tests/Sentinel.Tests/Peers/Node --no-audit --no-fund
    fi
    anvil=$(find_anvil)
    [ -n "$anvil" ] || fail '@foundry-rs/anvil has no program for this system' 2
    payments=infra/Services/Payments/bin/Debug/net10.0/payments.dll
    if [ ! -e "$payments" ] || [ -n "$(find infra/Services/Payments infra/Services/Shared \( -name '*.cs' -o -name '*.sql' \) -newer "$payments" -not -path '*/obj/*' | head -n 1)" ]; then
        quietly 'building the service' env TMPDIR="$work" dotnet build infra/Services/Payments -v:q --disable-build-servers
    fi
}

find_anvil() { find "$nodes/@foundry-rs" -type f -path '*/bin/anvil' 2>/dev/null | head -n 1; }

start_chains() {
    ethereum_port=$(free_port)
    bitcoin_port=$(free_port)
    purse_port=$(free_port)
    # A block is final when two are on top of it.
    run anvil.log "$anvil" --host 127.0.0.1 --port "$ethereum_port" --no-mining --silent --slots-in-an-epoch 1
    run bcoin.log env NODE_BACKEND=js BCOIN_NETWORK=regtest node "$nodes/bcoin/bin/node" --network=regtest --memory=true --workers=false --listen=false --only=127.0.0.1:1 \
        --prefix="$work/bcoin" --http-host=127.0.0.1 --http-port="$bitcoin_port" --wallet-http-host=127.0.0.1 --wallet-http-port="$purse_port" --api-key=tour --wallet-api-key=tour \
        --bip37=false --log-level=error
    until_so 'anvil answers' ethereum eth_chainId
    until_so 'bcoin answers' bitcoin getblockcount
    until_so 'the wallet of bcoin answers' purse getbalance
    miner=$(purse getnewaddress '"default"' | field result)
    # Witnesses are valid from block 432 on, and what a miner is paid after 100 blocks.
    for _ in 1 2 3 4 5 6 7 8 9 10; do mine 46 0; done
    mine 0 4
}

start_service() {
    echo 'a passphrase of the tour' >"$work/passphrase"
    chmod 600 "$work/passphrase"
    sender=$(dotnet "$payments" new-key "$work/ethereum.key" --chain ethereum --passphrase-file "$work/passphrase") || fail "no key: $sender"
    account=$(dotnet "$payments" new-key "$work/bitcoin.key" --chain bitcoin --passphrase-file "$work/passphrase") || fail "no key: $account"
    cat >"$work/keys.json" <<EOF
{"keys": [
  {"name": "ethereum", "chain": "ethereum", "file": "$work/ethereum.key", "destinations": ["$ethereum_vault"], "policy": $ethereum_policy},
  {"name": "bitcoin", "chain": "bitcoin", "file": "$work/bitcoin.key", "destinations": ["$bitcoin_vault"], "policy": $bitcoin_policy}]}
EOF
    run signer.log dotnet "$payments" signer --data "$work/signer" --keys "$work/keys.json" --passphrase-file "$work/passphrase" --socket "$work/signer.sock"
    until_so 'the signer listens' test -e "$work/signer.sock"
    local port
    port=$(free_port)
    url=http://127.0.0.1:$port
    run service.log dotnet "$payments" --data "$work/data" --listen "127.0.0.1:$port" --signer "$work/signer.sock" \
        --ethereum "http://127.0.0.1:$ethereum_port" --bitcoin "http://x:tour@127.0.0.1:$bitcoin_port"
    until_so 'the service is ready' curl -sf "$url/ready"
}

# A receiver of webhooks: it writes each event and answers 204.
start_receiver() {
    receiver_port=$(free_port)
    run webhooks.log node -e '
        require("http").createServer((request, response) => {
            let body = "";
            request.on("data", part => body += part);
            request.on("end", () => { console.log(request.headers["webhook-signature"] + " " + body); response.writeHead(204).end(); });
        }).listen(Number(process.argv[1]), "127.0.0.1");' "$receiver_port"
}

# pay ADDRESS BITCOINS: from the wallet of bcoin, whose regtest writes the same address with another prefix.
pay() {
    local there
    there=$(node -e '
        const bech32 = require(process.argv[1] + "/bstring/lib/bech32-browser");
        const { version, hash } = bech32.decode(process.argv[2]);
        console.log(bech32.encode("rb", version, hash));' "$PWD/$nodes" "$1") || fail "the address $1 cannot be read"
    purse sendtoaddress "\"$there\", $2" | field result
}

tour() {
    step 'A Bitcoin wallet that receives and forwards, and an Ethereum wallet that pays, with addresses that have no key; what may leave them, and where to'
    ask POST /v1/wallets "{\"name\":\"shop\",\"chain\":\"bitcoin\",\"script\":\"p2wpkh\",\"extendedPublicKey\":\"$account\",\"signingKey\":\"bitcoin\"}"
    shop=$(echo "$answer" | field id)
    ask POST /v1/wallets "{\"name\":\"payouts\",\"chain\":\"ethereum\",\"sender\":\"$sender\",\"signingKey\":\"ethereum\",\"forwarders\":true}"
    payouts=$(echo "$answer" | field id)
    ask POST "/v1/wallets/$shop/destinations" "{\"address\":\"$bitcoin_vault\",\"label\":\"vault\"}"
    ask POST "/v1/wallets/$payouts/destinations" "{\"address\":\"$ethereum_vault\"}"
    ask PUT "/v1/wallets/$shop/policy" "$bitcoin_policy"
    ask PUT "/v1/wallets/$payouts/policy" "$ethereum_policy"
    ask POST /v1/webhooks "{\"url\":\"http://127.0.0.1:$receiver_port/\",\"types\":[\"deposit.*\",\"transfer.*\"]}"

    step 'An address for an order'
    ask POST "/v1/wallets/$shop/addresses" '{"label":"order 7"}'
    address=$(echo "$answer" | field address)

    step 'A customer pays 0.5 bitcoin to it; the next block has the payment'
    txid=$(pay "$address" 0.5)
    [ -n "$txid" ] || fail 'the wallet of bcoin did not pay'
    until_so 'bcoin has the payment in its memory pool' eval "bitcoin getrawmempool | grep -q '$txid'"
    payment=$(bitcoin getrawtransaction "\"$txid\"" | field result)
    mine 1 0
    until_so 'the deposit is in a block' has "/v1/deposits?wallet=$shop" '"confirmed"'
    ask GET "/v1/deposits?wallet=$shop"

    step 'That block is replaced by others: a reorganisation. The books take the deposit back, and have it again when a new block has it'
    bitcoin invalidateblock "\"$(bitcoin getbestblockhash | field result)\"" >/dev/null
    mine 2 0
    until_so 'the deposit is taken back' has "/v1/events?limit=1000" '"deposit.orphaned"'
    # bcoin forgets the payments of a block that is replaced; the customer's wallet sends it again.
    bitcoin sendrawtransaction "\"$payment\"" >/dev/null
    until_so 'bcoin has the payment again' eval "bitcoin getrawmempool | grep -q '$txid'"
    mine 1 0
    until_so 'the deposit is back' has "/v1/deposits?wallet=$shop" '"confirmed"'
    ask GET "/v1/deposits?wallet=$shop"

    step 'Six confirmations: it is final, and may be spent'
    mine 5 0
    until_so 'the deposit is final' has "/v1/deposits?wallet=$shop" '"final"'
    ask GET "/v1/wallets/$shop"

    step 'A transfer, asked for twice with one Idempotency-Key: the same transfer'
    # One ether, from an account that anvil has.
    ethereum eth_sendTransaction "{\"from\":\"$rich\",\"to\":\"$sender\",\"value\":\"0xde0b6b3a7640000\"}" >/dev/null || fail 'anvil does not pay'
    until_so 'the deposit of ether is final' mined_until "/v1/deposits?wallet=$payouts" '"final"' 0 1
    body="{\"wallet\":\"$payouts\",\"asset\":\"ethereum\",\"destination\":\"$ethereum_vault\",\"amount\":\"1000000000000000\"}"
    ask POST /v1/transfers "$body" payout-1
    transfer=$(echo "$answer" | field id)
    ask POST /v1/transfers "$body" payout-1
    [ "$(echo "$answer" | field id)" = "$transfer" ] || fail 'the same request made another transfer'
    until_so 'the transfer is final' mined_until "/v1/transfers/$transfer" '"state":"final"' 0 1
    ask GET "/v1/transfers/$transfer"

    step 'Everything above 0.1 bitcoin goes on to the vault by itself'
    ask PUT "/v1/wallets/$shop/forwarding" "{\"destinations\":[{\"address\":\"$bitcoin_vault\",\"share\":10000}],\"threshold\":\"10000000\",\"reserve\":\"10000000\",\"intervalSeconds\":1,\"maxFeeShare\":500}"
    case $answer in
        # The reorganisation has suspended it, until somebody has looked.
        *'"suspended":true'*) ask POST "/v1/wallets/$shop/forwarding/resume" '{}' ;;
    esac
    until_so 'the funds are forwarded' mined_until "/v1/transfers?wallet=$shop&state=final" "$bitcoin_vault" 1 0
    ask GET "/v1/transfers?wallet=$shop"

    step 'An Ethereum address without a key: a contract that can only pay the wallet. Half an ether comes to it, and is not for the wallet to spend yet'
    ask POST "/v1/wallets/$payouts/addresses" '{"label":"order 8"}'
    forwarder=$(echo "$answer" | field address)
    ethereum eth_sendTransaction "{\"from\":\"$rich\",\"to\":\"$forwarder\",\"value\":\"0x6f05b59d3b20000\"}" >/dev/null || fail 'anvil does not pay'
    until_so 'the deposit at the forwarder is final' mined_until "/v1/wallets/$payouts" '"unswept":"500000000000000000"' 0 1
    ask GET "/v1/wallets/$payouts"

    step 'Its sweep, by a contract that anybody deploys once per chain (payments forwarders says how)'
    ethereum eth_sendTransaction "{\"from\":\"$rich\",\"to\":\"0x4e59b44847b379578588920cA78FbF26c0B4956C\",\"gas\":\"0x2dc6c0\",\"data\":\"$(dotnet "$payments" forwarders | tail -n 1)\"}" >/dev/null ||
        fail 'the contract is not deployed'
    mine 0 3
    ask PUT "/v1/wallets/$payouts/sweeping" '{"threshold":"100000000000000000","intervalSeconds":1,"maxFeeShare":500}'
    until_so 'the forwarder is swept' mined_until "/v1/wallets/$payouts" '"unswept":"0"' 0 1
    ask GET "/v1/deposits?wallet=$payouts"

    step 'What the webhook got, signed and in order (https://www.standardwebhooks.com)'
    until_so 'the webhook has the end of the forward' grep -q "transfer.final.*$bitcoin_vault" "$work/webhooks.log"
    sed -e 's/^\(v1,........\)[^ ]*/\1.../' -e 's/\(.\{150\}\).*/\1.../' "$work/webhooks.log"

    step 'The books: every movement with its cause, and the sum of all'
    ask GET '/v1/postings?limit=5'
    ask GET /v1/audit
    case $answer in
        *'"balanced":true'*) ;;
        *) fail 'the books do not balance' ;;
    esac
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
stay='' pids='' answer=''
for argument in "$@"; do
    case $argument in
        --stay) stay=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) fail "'$argument' is not an argument; see --help" 2 ;;
    esac
done
missing=
need dotnet 'https://dotnet.microsoft.com/download, version 10'
need curl 'apt-get install curl'
need node 'apt-get install nodejs, or brew install node'
need npm 'apt-get install npm, or brew install node'
[ -z "$missing" ] || fail "these programs are missing:$missing" 2
work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

readonly nodes=tests/Sentinel.Tests/Peers/Node/node_modules
readonly ethereum_policy='{"assets":{"ethereum":{"perTransfer":"10000000000000000","perDay":"100000000000000000","approveAbove":"10000000000000000","maxFee":"10000000000000000"}}}'
readonly bitcoin_policy='{"assets":{"bitcoin":{"perTransfer":"100000000","perDay":"1000000000","approveAbove":"100000000","maxFee":"100000"}}}'
prepare
echo 'starting two chains, the signer and the service ...'
start_chains
start_service
start_receiver
tour
echo
echo 'Everything came out as it should.'
if [ -n "$stay" ]; then
    echo "The service stays at $url until Ctrl+C."
    while :; do sleep 60; done
fi
