using System.CommandLine;
using HaCluster.Payments.Access;
using HaCluster.Payments.Http;
using HaCluster.Payments.Store;

namespace HaCluster.Payments.Arguments;

/// <summary><c>payments key</c>: keys of the API. They are made at the database, not over HTTP, so that a stolen key makes no others.</summary>
internal static class KeyCommands
{
    private const int ShortestKey = 40;

    private static readonly Argument<string> Name = new("NAME") { Description = "Name of the key, which is in every event that it causes." };
    private static readonly Argument<string[]> ScopeNames = new("SCOPE") { Description = $"What the key may do: {Access.ScopeNames.Rule}.", Arity = ArgumentArity.OneOrMore };

    private static readonly Option<string?> KeyFile = new("--key-file") { Description = "File with a key generated elsewhere: at least 40 letters, digits and underscores. If a key of this name exists or was revoked, nothing happens, so the command can run at every start.", HelpName = "FILE" };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var add = new Command("add", "Create a key. It is shown once; the database has only its hash.") { Name, ScopeNames, KeyFile };
        add.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            var names = parsed.GetValue(ScopeNames)!;
            if (Access.ScopeNames.Parse(names) is not { } scopes)
                return CommandLine.UsageError(error, $"'{names.First(one => Access.ScopeNames.Parse([one]) is null)}' is not a scope; choose from {Access.ScopeNames.Rule}");
            if (parsed.GetValue(Name) is not { Length: <= 63 } name || name == Principal.Local.Name || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
                return CommandLine.UsageError(error, $"'{parsed.GetValue(Name)}' is not a name of a key; write up to 63 letters, digits, -, _ and ., but not {Principal.Local.Name}");
            var given = await ReadKeyAsync(parsed, token);
            await using var database = await OpenAsync(parsed, token);
            try
            {
                if (given is not null)
                {
                    await database.ChangeAsync(session => session.AddKeyAsync(name, given, scopes, TimeProvider.System.GetUtcNow()), token);
                    return CommandLine.Done;
                }

                output.WriteLine($"key, shown once: {await database.ChangeAsync(session => session.AddKeyAsync(name, scopes, TimeProvider.System.GetUtcNow()), token)}");
                error.WriteLine($"payments: the key {name} is in {database.Description}; requests need a key from now on");
                return CommandLine.Done;
            }
            catch (DuplicateException)
            {
                return given is not null ? CommandLine.Done : CommandLine.UsageError(error, $"a key {name} exists or was revoked; choose another name, because the books refer to that key");
            }
        }));
        var revoke = new Command("revoke", "Revoke a key at once.") { Name };
        revoke.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            await using var database = await OpenAsync(parsed, token);
            return await database.ChangeAsync(session => session.RevokeKeyAsync(parsed.GetValue(Name)!, TimeProvider.System.GetUtcNow()), token)
                ? CommandLine.Done
                : CommandLine.UsageError(error, $"there is no key {parsed.GetValue(Name)}, or it is revoked already");
        }));
        var list = new Command("list", "List the keys, without their secrets.");
        list.SetAction((parsed, token) => CommandLine.GuardAsync(error, async () =>
        {
            await using var database = await OpenAsync(parsed, token);
            var keys = await database.ReadAsync(session => session.KeysAsync(), token);
            if (keys.Count == 0)
                error.WriteLine($"payments: there are no keys in {database.Description}");
            foreach (var key in keys)
                output.WriteLine($"{key.Name}  {key.Scopes}  {Json.Time(key.CreatedAt)}{(key.RevokedAt is { } revoked ? $"  revoked {Json.Time(revoked)}" : "")}");
            return CommandLine.Done;
        }));
        return new Command("key", "Create, revoke and list API keys.") { add, revoke, list };
    }

    /// <returns>Null: none is given.</returns>
    /// <exception cref="FormatException">The file has no such key.</exception>
    private static async Task<string?> ReadKeyAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(KeyFile) is not { } file)
            return null;
        var key = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        // Short keys could be guessed: the store has a plain hash, which is enough for random ones only.
        return key.Length >= ShortestKey && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? key
            : throw new FormatException($"--key-file: {file}: write a random key of {ShortestKey} or more letters, digits and underscores");
    }

    private static async Task<Database> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var database = CommandLine.OpenDatabase(parsed);
        await database.MigrateAsync(cancellationToken);
        return database;
    }
}
