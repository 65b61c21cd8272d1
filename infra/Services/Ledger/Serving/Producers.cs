using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Schemas;
using HaCluster.Ledger.Tls;

namespace HaCluster.Ledger.Serving;

/// <summary>Who may send what. Tokens are known by their hashes only.</summary>
internal sealed class Producers
{
    /// <summary>Everybody who reaches the service: its default, on the loopback only.</summary>
    public static Producers Anyone { get; } = new([], ImmutableDictionary<string, RecordSchema>.Empty, []) { IsAnyone = true };

    private static readonly Producer Local = new("local", [], [], [], null, null) { IsAnyone = true };
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, TypeInfoResolver = ProducersJson.Default };

    private readonly ImmutableArray<Producer> _producers;
    private readonly ImmutableDictionary<string, RecordSchema> _schemas;

    private Producers(ImmutableArray<Producer> producers, ImmutableDictionary<string, RecordSchema> schemas, ImmutableArray<string> files) => (_producers, _schemas, Files) = (producers, schemas, files);

    public bool IsAnyone { get; private init; }

    /// <summary>That it was read from.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>A new token, and the hash by which a file of producers knows it.</summary>
    public static (string Token, string Sha256) NewToken()
    {
        var token = $"hal_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return (token, Hash.HexOf(Encoding.ASCII.GetBytes(token)));
    }

    /// <summary>Reads files of producers and the schemas that they name: together they are one list.</summary>
    /// <exception cref="FormatException">A file is wrong or cannot be read, or two contradict each other; the message says which and where, without their contents.</exception>
    public static Producers Read(params IReadOnlyList<string> files)
    {
        var all = new Producers([], ImmutableDictionary<string, RecordSchema>.Empty, []);
        foreach (var file in files)
        {
            try
            {
                all = all.And(Parse(File.ReadAllBytes(file), file));
            }
            catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
            {
                throw new FormatException($"{file}: {exception.Message}", exception);
            }
        }

        return all;
    }

    /// <param name="path">Of the file: the schemas that it names are beside it.</param>
    /// <exception cref="FormatException">The file is wrong; the message says where, without what it has.</exception>
    public static Producers Parse(ReadOnlySpan<byte> json, string path = "")
    {
        ProducersFile? file;
        try
        {
            file = JsonSerializer.Deserialize<ProducersFile>(json, Strict);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"line {exception.LineNumber + 1}, {exception.Path}: write {{\"producers\": [{{\"name\": ..., \"tokenSha256\": [...], \"streams\": [...]}}]}}", exception);
        }

        var producers = ImmutableArray.CreateBuilder<Producer>();
        foreach (var (one, index) in (file?.Producers ?? []).Select((one, index) => (one, index)))
        {
            var producer = (one ?? new ProducerEntry()).ToProducer($"producers[{index}]");
            if (producers.Any(other => other.Name == producer.Name))
                throw new FormatException($"producers[{index}].name: {producer.Name} is listed twice");
            if (producer.Certificate is not null && producers.Any(other => other.Certificate == producer.Certificate))
                throw new FormatException($"producers[{index}].certificate: another producer has the same");
            producers.Add(producer);
        }

        if (producers.Count == 0)
            throw new FormatException("producers is empty; add at least one producer");
        var (schemas, files) = ReadSchemas(file?.Streams, path);
        return new Producers(producers.ToImmutable(), schemas, files);
    }

    /// <summary>Null: any data fits.</summary>
    public RecordSchema? SchemaOf(string stream) => _schemas.GetValueOrDefault(stream);

    /// <param name="certificate">Of the client; it has no fault.</param>
    /// <returns>Null: nobody of them, or several.</returns>
    public Producer? FindBy(PeerCertificate certificate) => _producers.Where(producer => producer.Certificate is { } wanted && certificate.Has(wanted)).Take(2).ToArray() is [var one] ? one : null;

    /// <param name="authorization">Header of the request; null without one.</param>
    /// <returns>Null: nobody of them.</returns>
    public Producer? Find(string? authorization)
    {
        if (IsAnyone)
            return Local;
        if (TokenOf(authorization) is not { } sent)
            return null;
        var hash = SHA256.HashData(sent);
        Producer? found = null;
        // All of them, so that the time says nothing.
        foreach (var producer in _producers)
        {
            foreach (var token in producer.TokenHashes)
                found = CryptographicOperations.FixedTimeEquals(hash, token) ? producer : found;
        }

        return found;
    }

    /// <exception cref="FormatException">Both say something of the same producer or stream.</exception>
    private Producers And(Producers more)
    {
        foreach (var one in more._producers)
        {
            if (_producers.Any(other => other.Name == one.Name))
                throw new FormatException($"producers: {one.Name} is in another file too");
            if (one.Certificate is not null && _producers.Any(other => other.Certificate == one.Certificate))
                throw new FormatException($"producers: a producer of another file has the certificate of {one.Name}");
        }

        return more._schemas.Keys.FirstOrDefault(_schemas.ContainsKey) is { } stream
            ? throw new FormatException($"streams: {stream} has a schema in another file too")
            : new Producers(_producers.AddRange(more._producers), _schemas.AddRange(more._schemas), Files.AddRange(more.Files));
    }

    private static (ImmutableDictionary<string, RecordSchema> Schemas, ImmutableArray<string> Files) ReadSchemas(IReadOnlyDictionary<string, StreamEntry?>? streams, string path)
    {
        var schemas = ImmutableDictionary.CreateBuilder<string, RecordSchema>(StringComparer.Ordinal);
        var files = path.Length > 0 ? ImmutableArray.Create(path) : [];
        foreach (var (name, stream) in streams ?? new Dictionary<string, StreamEntry?>())
        {
            if (!Names.IsStream(name))
                throw new FormatException($"streams: '{name}' is not a name of a stream; write {Names.StreamRule}");
            if (stream?.Schema is not { Length: > 0 } schema)
                throw new FormatException($"streams.{name}.schema: write the name of a file with a JSON schema");
            var file = Path.Combine(Path.GetDirectoryName(path) ?? "", schema);
            try
            {
                schemas.Add(name, RecordSchema.Parse(File.ReadAllBytes(file)));
            }
            catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
            {
                throw new FormatException($"streams.{name}.schema: {file}: {exception.Message}", exception);
            }

            files = files.Add(file);
        }

        return (schemas.ToImmutable(), files);
    }

    /// <summary>Of <c>Bearer TOKEN</c>; of <c>Basic</c> and <c>ApiKey</c>, which shippers for Elasticsearch send, what is after the colon: the user may have any name.</summary>
    private static byte[]? TokenOf(string? authorization)
    {
        if (authorization?.Split(' ', 2) is not [var scheme, var value])
            return null;
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8.GetBytes(value.Trim());
        if (!scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && !scheme.Equals("ApiKey", StringComparison.OrdinalIgnoreCase))
            return null;
        var pair = new byte[value.Length];
        if (!Convert.TryFromBase64String(value.Trim(), pair, out var length))
            return null;
        var colon = pair.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? null : pair[(colon + 1)..length];
    }
}

/// <param name="Streams">That it may write to.</param>
/// <param name="Reads">Streams whose records it may read.</param>
/// <param name="Certificate">Null: it is known by its tokens only.</param>
/// <param name="Syslog">The stream of its syslog messages, when it has several.</param>
internal sealed record Producer(
    string Name, ImmutableArray<byte[]> TokenHashes, ImmutableArray<string> Streams, ImmutableArray<string> Reads, ProducerCertificate? Certificate, string? Syslog)
{
    /// <summary>May do everything that a client may.</summary>
    public bool IsAnyone { get; init; }

    public bool MayUse(string stream) => !ReservedStreams.Includes(stream) && (IsAnyone || Streams.Contains(stream));

    public bool MayRead(string stream) => IsAnyone || Reads.Contains(stream);

    /// <summary>The stream of records that name none.</summary>
    public string? OnlyStream => Streams is [var one] ? one : null;
}
