using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Pulumi;

/// <summary>
/// Settings of the stack, as in Pulumi.{stack}.yaml. <c>Get</c> returns null for a setting that is not there, <c>Require</c> ends the
/// program. A setting that is a secret in the file is one in the program only if it is read as one.
/// </summary>
public sealed partial class Config
{
    private readonly string _name;

    /// <param name="name">Namespace of the settings; the project's name if none is given.</param>
    public Config(string? name = null)
    {
        const string formerSuffix = ":config";
        name ??= Deployment.Instance.ProjectName;
        _name = name.EndsWith(formerSuffix, StringComparison.Ordinal) ? name[..^formerSuffix.Length] : name;
    }

    public string? Get(string key) => Deployment.Current.GetConfig(FullKey(key));

    public Output<string>? GetSecret(string key) => Get(key) is { } value ? Output.CreateSecret(value) : null;

    /// <exception cref="RunException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool? GetBoolean(string key) => Get(key) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var value => throw new ConfigTypeException(FullKey(key), value, nameof(Boolean)),
    };

    /// <inheritdoc cref="GetBoolean"/>
    public Output<bool>? GetSecretBoolean(string key) => GetBoolean(key) is { } value ? Output.CreateSecret(value) : null;

    /// <exception cref="RunException">The value is not an integer.</exception>
    public int? GetInt32(string key)
        => Get(key) is not { } value ? null
            : int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : throw new ConfigTypeException(FullKey(key), value, nameof(Int32));

    /// <inheritdoc cref="GetInt32"/>
    public Output<int>? GetSecretInt32(string key) => GetInt32(key) is { } value ? Output.CreateSecret(value) : null;

    /// <exception cref="RunException">The value is not a number.</exception>
    public double? GetDouble(string key)
        => Get(key) is not { } value ? null
            : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : throw new ConfigTypeException(FullKey(key), value, nameof(Double));

    /// <inheritdoc cref="GetDouble"/>
    public Output<double>? GetSecretDouble(string key) => GetDouble(key) is { } value ? Output.CreateSecret(value) : null;

    /// <summary>A structured setting, read as JSON.</summary>
    /// <exception cref="RunException">It is not of the type.</exception>
    [return: MaybeNull]
    public T GetObject<T>(string key) => Parse<T>(key, options: null);

    /// <inheritdoc cref="GetObject{T}(string)"/>
    [return: MaybeNull]
    public T GetObject<T>(string key, JsonSerializerOptions options) => Parse<T>(key, options);

    /// <inheritdoc cref="GetObject{T}(string)"/>
    public Output<T>? GetSecretObject<T>(string key) => Get(key) is null ? null : Output.CreateSecret(Parse<T>(key, options: null)!);

    /// <inheritdoc cref="GetObject{T}(string)"/>
    public Output<T>? GetSecretObject<T>(string key, JsonSerializerOptions options)
        => Parse<T>(key, options) is { } value ? Output.CreateSecret(value) : null;

    /// <exception cref="RunException">It is not there.</exception>
    public string Require(string key) => Get(key) ?? throw new ConfigMissingException(FullKey(key));

    /// <inheritdoc cref="Require"/>
    public Output<string> RequireSecret(string key) => Output.CreateSecret(Require(key));

    /// <exception cref="RunException">It is not there, or neither <c>true</c> nor <c>false</c>.</exception>
    public bool RequireBoolean(string key) => GetBoolean(key) ?? throw new ConfigMissingException(FullKey(key));

    /// <inheritdoc cref="RequireBoolean"/>
    public Output<bool> RequireSecretBoolean(string key) => Output.CreateSecret(RequireBoolean(key));

    /// <exception cref="RunException">It is not there, or no integer.</exception>
    public int RequireInt32(string key) => GetInt32(key) ?? throw new ConfigMissingException(FullKey(key));

    /// <inheritdoc cref="RequireInt32"/>
    public Output<int> RequireSecretInt32(string key) => Output.CreateSecret(RequireInt32(key));

    /// <exception cref="RunException">It is not there, or no number.</exception>
    public double RequireDouble(string key) => GetDouble(key) ?? throw new ConfigMissingException(FullKey(key));

    /// <inheritdoc cref="RequireDouble"/>
    public Output<double> RequireSecretDouble(string key) => Output.CreateSecret(RequireDouble(key));

    /// <summary>A structured setting, read as JSON.</summary>
    /// <exception cref="RunException">It is not there, or not of the type.</exception>
    public T RequireObject<T>(string key) => RequireParsed<T>(key, options: null);

    /// <inheritdoc cref="RequireObject{T}(string)"/>
    public T RequireObject<T>(string key, JsonSerializerOptions options) => RequireParsed<T>(key, options);

    /// <inheritdoc cref="RequireObject{T}(string)"/>
    public Output<T> RequireSecretObject<T>(string key) => Output.CreateSecret(RequireParsed<T>(key, options: null));

    /// <inheritdoc cref="RequireObject{T}(string)"/>
    public Output<T> RequireSecretObject<T>(string key, JsonSerializerOptions options)
        => Output.CreateSecret(RequireParsed<T>(key, options));

    private T RequireParsed<T>(string key, JsonSerializerOptions? options)
    {
        Require(key);
        return Parse<T>(key, options)!;
    }

    private T? Parse<T>(string key, JsonSerializerOptions? options)
    {
        var value = Get(key);
        try
        {
            return value is null ? default : JsonSerializer.Deserialize<T>(value, options);
        }
        catch (JsonException e)
        {
            throw new ConfigTypeException(FullKey(key), value, typeof(T).FullName!, e);
        }
    }

    private string FullKey(string key) => $"{_name}:{key}";
}
