namespace HaCluster.Stack.Logging.Setup;

/// <summary>
/// The shell script that sets up OpenSearch, using only a POSIX shell and curl. Requests are signed with the credentials of the
/// pod's identity, which are requested again before each attempt.
/// </summary>
/// <remarks>
/// Environment: <c>ENDPOINT</c> (with scheme), <c>REGION</c>, <c>STEPS</c> (folder with <c>steps.txt</c> and the documents it names),
/// <c>WORK</c> (a folder to write in), <c>WAIT_SECONDS</c> (how long to wait for an answer in all), <c>PAUSE_SECONDS</c> (between tries), and the
/// two variables that EKS puts into each pod with an identity
/// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html). Exit code 1: refused, or no answer in time.
/// </remarks>
public static class SetupScript
{
    public const string Text =
        """
        #!/bin/sh
        set -eu
        umask 077

        deadline=$(($(date +%s) + WAIT_SECONDS))
        answer="$WORK/answer.json"

        say() {
          printf '%s\n' "$*" >&2
        }

        # The value of a text field of a flat JSON object.
        text_of() {
          tr -d '\n' < "$1" | sed -n 's/.*"'"$2"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p'
        }

        # The value of a number field.
        number_of() {
          tr -d '\n' < "$1" | sed -n 's/.*"'"$2"'"[[:space:]]*:[[:space:]]*\([0-9][0-9]*\).*/\1/p'
        }

        # Secrets go into a file that only this pod has: arguments can be read by every process of the node's administrator.
        sign_in() {
          printf 'header = "Authorization: %s"\n' "$(cat "$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")" > "$WORK/agent.conf"
          curl --silent --show-error --fail --max-time 10 --config "$WORK/agent.conf" --output "$WORK/credentials.json" \
            "$AWS_CONTAINER_CREDENTIALS_FULL_URI" || return 1
          {
            printf 'aws-sigv4 = "aws:amz:%s:es"\n' "$REGION"
            printf 'user = "%s:%s"\n' "$(text_of "$WORK/credentials.json" AccessKeyId)" "$(text_of "$WORK/credentials.json" SecretAccessKey)"
            printf 'header = "x-amz-security-token: %s"\n' "$(text_of "$WORK/credentials.json" Token)"
          } > "$WORK/signing.conf"
        }

        # try_once METHOD PATH [FILE]: sets status; 000 when there is no answer.
        try_once() {
          status=000
          : > "$answer"
          sign_in || return 0
          if [ $# -eq 3 ]; then
            status=$(curl --silent --show-error --max-time 60 --config "$WORK/signing.conf" --output "$answer" --write-out '%{http_code}' \
              --request "$1" --header 'Content-Type: application/json' --data-binary "@$3" "$ENDPOINT$2") || status=000
          else
            status=$(curl --silent --show-error --max-time 60 --config "$WORK/signing.conf" --output "$answer" --write-out '%{http_code}' \
              --request "$1" "$ENDPOINT$2") || status=000
          fi
        }

        # send METHOD PATH [FILE]: tries until there is an answer that is not about the moment.
        send() {
          while :; do
            try_once "$@"
            case $status in
              000 | 429 | 5??) ;;
              *) return 0 ;;
            esac
            if [ "$(date +%s)" -ge "$deadline" ]; then
              say "$1 $2: timed out, last status $status"
              cat "$answer" >&2
              exit 1
            fi
            sleep "$PAUSE_SECONDS"
          done
        }

        require_success() {
          case $status in
            2??) say "$1 $2: $status" ;;
            *)
              say "$1 $2: refused with status $status"
              cat "$answer" >&2
              exit 1
              ;;
          esac
        }

        replace_version() {
          sequence=$(number_of "$answer" _seq_no)
          term=$(number_of "$answer" _primary_term)
          send PUT "$1?if_primary_term=$term&if_seq_no=$sequence" "$2"
          require_success PUT "$1"
        }

        # A new domain answers 403 until it has learned its master role.
        while :; do
          try_once GET /
          case $status in
            2??) break ;;
          esac
          if [ "$(date +%s)" -ge "$deadline" ]; then
            say "OpenSearch timed out, last status $status"
            cat "$answer" >&2
            exit 1
          fi
          sleep "$PAUSE_SECONDS"
        done

        while IFS=' ' read -r verb path file; do
          document="$STEPS/$file"
          case $verb in
            put)
              send PUT "$path" "$document"
              require_success PUT "$path"
              ;;
            put-version | post-version)
              send GET "$path"
              if [ "$status" = 404 ]; then
                method=PUT
                if [ "$verb" = post-version ]; then method=POST; fi
                send "$method" "$path" "$document"
                require_success "$method" "$path"
              else
                require_success GET "$path"
                replace_version "$path" "$document"
              fi
              ;;
            post-each)
              send GET '/_cat/indices?h=index'
              require_success GET /_cat/indices
              # A dot of the prefix is a dot, and no pattern.
              prefix=$(printf '%s' "${path##*/}" | sed 's/[.]/[.]/g')
              for index in $(sed -n 's/^\('"$prefix"'[^[:space:]]*\)[[:space:]]*$/\1/p' "$answer"); do
                send POST "${path%/*}/$index" "$document"
                require_success POST "${path%/*}/$index"
              done
              ;;
            *)
              say "unknown step: $verb"
              exit 1
              ;;
          esac
        done < "$STEPS/steps.txt"
        say done

        """;
}
