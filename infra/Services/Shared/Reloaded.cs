using System.Security.Cryptography;

namespace HaCluster.Services;

/// <summary>A setting that is in files, and is read again when they change. What cannot be used leaves the one before in its place.</summary>
/// <param name="what">The option that names the files.</param>
/// <param name="first">That was read when the service started.</param>
/// <param name="read">Throws when the files cannot be used.</param>
/// <param name="filesOf">The files that a value was read from.</param>
internal sealed class Reloaded<T>(string what, T first, Func<T> read, Func<T, IReadOnlyList<string>> filesOf) : IReloaded
    where T : class
{
    private volatile T _current = first;
    private byte[]? _seen;
    private string? _fault;

    public string What => what;

    /// <summary>One that never changes.</summary>
    public static Reloaded<T> Fixed(T value) => new("", value, () => value, _ => []);

    public T Current => _current;

    public ReloadResult Reload()
    {
        try
        {
            // Before it is read: what changes in between is noticed the next time.
            var content = Fingerprint(filesOf(_current));
            if (_fault is null && _seen is not null && content.AsSpan().SequenceEqual(_seen))
                return ReloadResult.Same;
            var isFirst = _seen is null;
            var value = read();
            (_current, _seen, _fault) = (value, Fingerprint(filesOf(value)), null);
            return isFirst ? ReloadResult.Same : ReloadResult.Changed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or CryptographicException)
        {
            var isNew = exception.Message != _fault;
            _fault = exception.Message;
            return new ReloadResult(false, exception.Message, isNew);
        }
    }

    private static byte[] Fingerprint(IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        return hash.GetHashAndReset();
    }
}

internal interface IReloaded
{
    string What { get; }

    ReloadResult Reload();
}

/// <param name="Fault">Why the files cannot be used; null: they can.</param>
/// <param name="IsNewFault">Not the one of the time before.</param>
internal sealed record ReloadResult(bool HasChanged, string? Fault, bool IsNewFault)
{
    public static ReloadResult Same { get; } = new(false, null, false);

    public static ReloadResult Changed { get; } = new(true, null, false);

    /// <summary>Tells what is new.</summary>
    public void Write(IReloaded setting, EventLog log)
    {
        if (IsNewFault)
            log.Write("reload-failed", "", $"{setting.What}: {Fault}; what was there before stays in use");
        if (HasChanged)
            log.Write("reloaded", "", $"{setting.What}: the new files are in use");
    }
}
