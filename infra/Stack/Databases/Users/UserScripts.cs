using HaCluster.Stack.Settings.Databases;

namespace HaCluster.Stack.Databases.Users;

/// <summary>
/// What <see cref="UserSetup"/> runs, in this order, each in a container of its own: bash, jq and the AWS CLI; a client of the engine; the first
/// again. All are idempotent and can run at any time. What one leaves for the next is in <c>WORK</c>, which is memory.
/// </summary>
/// <remarks>
/// The steps are those of a rotation by Secrets Manager (create, set, test, finish:
/// https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html) with alternating users. Why not its ready-made
/// functions: they rotate users and do not make them, each needs a superuser's secret and a stack of CloudFormation, and the single-user one
/// breaks connections between its second step and the arrival of the new password. Nothing is published before the new login has connected
/// through the proxy.
/// </remarks>
public static class UserScripts
{
    public const string Prepare = "prepare.sh";
    public const string Apply = "apply.sh";
    public const string Publish = "publish.sh";

    /// <summary>A line for each user: its name, the ARNs of the secrets of its logins, that of the delivered one, its database.</summary>
    public const string Users = "users.txt";

    // MASTER_SECRET, ROTATION_SECONDS, SETUP, WORK, AUTHORITIES. Leaves a line per user in "plan": name, login, "rotate" or "keep", database; and
    // for each login NAME.json, NAME.password.
    public const string PrepareText = """
        #!/bin/bash
        set -euo pipefail
        umask 077

        # The value of a secret; an empty object while it has none.
        value() {
          local answer
          if answer=$(aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text 2> "$WORK/error"); then
            printf '%s' "$answer"
          elif grep -q ResourceNotFoundException "$WORK/error"; then
            printf '{}'
          else
            cat "$WORK/error" >&2
            return 1
          fi
        }

        # Those who vouch for the certificate of the proxy; clients of the engines bring none.
        cp "$AUTHORITIES" "$WORK/authorities.crt"
        value "$MASTER_SECRET" > "$WORK/master.json"
        jq -je .username "$WORK/master.json" > "$WORK/master.username"
        jq -je .password "$WORK/master.json" > "$WORK/master.password"

        now=$(date +%s)
        : > "$WORK/plan"
        while read -r user first second delivered database; do
          current=$(value "$delivered")
          login=$(jq -r '.username // ""' <<< "$current")
          changed=$(jq -r '.changed // 0' <<< "$current")
          if [ -n "$login" ] && [ $((now - changed)) -lt "$ROTATION_SECONDS" ]; then
            printf '%s' "$current" > "$WORK/$login.json"
            mode=keep
          else
            if [ "$login" = "${user}_a" ]; then
              login=${user}_b secret=$second
            else
              login=${user}_a secret=$first
            fi
            # Letters and digits: no quoting, in no file and no address.
            password=$(head -c 1024 /dev/urandom | LC_ALL=C tr -dc 'A-Za-z0-9' | cut -c 1-40)
            jq -n --arg username "$login" --arg password "$password" --argjson changed "$now" \
              '{ username: $username, password: $password, changed: $changed }' > "$WORK/$login.json"
            # The proxy must know it before the login can be tried.
            aws secretsmanager put-secret-value --secret-id "$secret" --secret-string "file://$WORK/$login.json" > "$WORK/answer"
            mode=rotate
          fi
          jq -je .password "$WORK/$login.json" > "$WORK/$login.password"
          echo "$user $login $mode $database" >> "$WORK/plan"
          echo "$login: $mode"
        done < "$SETUP/users.txt"
        """;

    // SETUP, WORK. Only logins that have connected through the proxy are published.
    public const string PublishText = """
        #!/bin/bash
        set -euo pipefail

        while read -r user login mode database; do
          [ "$mode" = rotate ] || continue
          delivered=$(awk -v user="$user" '$1 == user { print $4 }' "$SETUP/users.txt")
          aws secretsmanager put-secret-value --secret-id "$delivered" --secret-string "file://$WORK/$login.json" > "$WORK/answer"
          echo "$login is now in use"
        done < "$WORK/plan"
        """;

    // Both engines: WORK, WAIT_SECONDS, PAUSE_SECONDS. The engine's own part defines ensure, set_password, try_login, lock_others.
    private const string ApplyText = """

        while read -r user login mode database; do
          ensure "$user" "$database"
          if [ "$mode" = rotate ] || ! try_login "$login" "$database"; then
            set_password "$login"
            deadline=$(($(date +%s) + WAIT_SECONDS))
            until try_login "$login" "$database"; do
              if [ "$(date +%s)" -ge "$deadline" ]; then
                echo "$login: login failed" >&2
                cat "$WORK/error" >&2
                exit 1
              fi
              sleep "$PAUSE_SECONDS"
            done
          fi
          echo "$login: login succeeded"
        done < "$WORK/plan"
        lock_others
        """;

    // PGHOST, PGPORT, PGDATABASE, PGSSLMODE, PGSSLROOTCERT.
    private const string PostgreSqlText = """
        #!/bin/sh
        set -eu
        umask 077

        master() {
          PGUSER=$(cat "$WORK/master.username") PGPASSWORD=$(cat "$WORK/master.password") psql --no-psqlrc --quiet --tuples-only --set ON_ERROR_STOP=1 "$@"
        }

        # Two logins of one role that owns everything: whatever one creates, the other may change. Only its own schema, and in "public" only what
        # extensions offer there. The master takes part in the role, because a schema can be given to a role of one's own only.
        ensure() {
          master --set role="$1" --set a="$1_a" --set b="$1_b" --set database="$2" > "$WORK/answer" << 'END'
        select format('create role %I nologin', :'role') where not exists (select from pg_roles where rolname = :'role') \gexec
        select format('create role %I', login) from unnest(array[:'a', :'b']) login where not exists (select from pg_roles where rolname = login) \gexec
        grant :"role" to current_user;
        grant :"role" to :"a", :"b";
        select format('alter role %I login nocreatedb nocreaterole', login) from unnest(array[:'a', :'b']) login
          where exists (select from pg_roles where rolname = login and (not rolcanlogin or rolcreatedb or rolcreaterole)) \gexec
        alter role :"a" set role = :'role';
        alter role :"b" set role = :'role';
        alter role :"a" set search_path = :"role", public;
        alter role :"b" set search_path = :"role", public;
        revoke create on schema public from public;
        select format('create schema %I authorization %I', :'role', :'role') where not exists (select from pg_namespace where nspname = :'role') \gexec
        END
        }

        # psql hashes it before it sends it, so that no log has it. There is no terminal: it reads it from its input, twice.
        set_password() {
          { cat "$WORK/$1.password"; echo; cat "$WORK/$1.password"; echo; } | master --command "\\password $1" > "$WORK/answer" 2>&1
        }

        try_login() {
          PGUSER=$1 PGPASSWORD=$(cat "$WORK/$1.password") PGCONNECT_TIMEOUT=10 psql --no-psqlrc --quiet --command 'select 1' > "$WORK/answer" 2> "$WORK/error"
        }

        # Users of namespaces that no longer get credentials; what they own stays.
        lock_others() {
          master --set users="$(cut -d ' ' -f 1 "$WORK/plan" | paste -s -d , -)" << 'END'
        select format('alter role %I nologin', rolname) from pg_roles
          where rolcanlogin and rolname ~ '^app_.*_[ab]$' and left(rolname, -2) <> all (string_to_array(:'users', ',')) \gexec
        END
        }
        """;

    // DATABASE_HOST, DATABASE_PORT, CLIENT_OPTIONS.
    private const string MySqlText = """
        #!/bin/sh
        set -eu
        umask 077

        # An option file, because every process of the node's administrator can read arguments; with quotes, and what is special inside them.
        options() {
          printf '[client]\nhost=%s\nport=%s\nuser="%s"\npassword="%s"\n' \
            "$DATABASE_HOST" "$DATABASE_PORT" "$(sed 's/[\\"]/\\&/g' "$1")" "$(sed 's/[\\"]/\\&/g' "$2")" > "$3"
        }

        master() {
          # shellcheck disable=SC2086
          mysql --defaults-file="$WORK/master.cnf" $CLIENT_OPTIONS --batch --skip-column-names
        }

        options "$WORK/master.username" "$WORK/master.password" "$WORK/master.cnf"

        # A database of its own for each user, and nothing outside it. Both logins get the same, since nothing in MySQL but a definer has an owner.
        # In the name of a database that is granted, an underscore stands for any character unless it is escaped.
        ensure() {
          pattern=$(printf '%s' "$2" | sed 's/_/\\_/g')
          master << END
        create database if not exists \`$2\`;
        create user if not exists '$1_a'@'%', '$1_b'@'%' account lock;
        grant select, insert, update, delete, create, drop, alter, index, references, trigger, create view, show view,
          create routine, alter routine, execute, create temporary tables, lock tables on \`$pattern\`.* to '$1_a'@'%', '$1_b'@'%';
        END
        }

        # MySQL writes passwords to no log.
        set_password() {
          printf "alter user '%s'@'%%' identified by '%s' account unlock;\n" "$1" "$(cat "$WORK/$1.password")" | master
        }

        try_login() {
          printf '%s' "$1" > "$WORK/username"
          options "$WORK/username" "$WORK/$1.password" "$WORK/login.cnf"
          # shellcheck disable=SC2086
          mysql --defaults-file="$WORK/login.cnf" $CLIENT_OPTIONS --connect-timeout=10 --execute 'select 1' "$2" > "$WORK/answer" 2> "$WORK/error"
        }

        # Users of namespaces that no longer get credentials; what is in their databases stays.
        lock_others() {
          echo "select user from mysql.user where user regexp '^app_.*_[ab]\$';" | master | while read -r login; do
            grep -q "^${login%_?} " "$WORK/plan" || echo "alter user '$login'@'%' account lock;" | master
          done
        }
        """;

    /// <summary>What makes the users of an engine and sets their passwords.</summary>
    public static string ApplyOf(DatabaseEngine engine) =>
        (engine == DatabaseEngine.MySql ? MySqlText : PostgreSqlText).ReplaceLineEndings("\n") + "\n" + ApplyText.ReplaceLineEndings("\n");
}
