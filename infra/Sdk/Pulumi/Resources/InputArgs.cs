using Google.Protobuf;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>Arguments: an object whose <see cref="InputAttribute"/> members are sent to the engine.</summary>
public abstract class InputArgs
{
    private protected InputArgs()
    {
    }

    /// <summary>The members by their names on the wire, those without a value included.</summary>
    internal virtual IReadOnlyDictionary<string, object?> ToDictionary()
    {
        var members = InputMembers.Of(GetType());
        var values = new Dictionary<string, object?>(members.Length);
        foreach (var member in members)
        {
            var value = member.GetValue(this);
            if (member.Attribute.IsRequired && value is null)
                throw new ArgumentNullException(member.Name, $"{Describe(member.Name)} is required but was not given a value");

            values.Add(member.Attribute.Name, member.Attribute.Json ? ToJson(Describe(member.Name), value) : value);
        }

        return values;
    }

    private string Describe(string memberName) => $"[Input] {GetType().FullName}.{memberName}";

    private static Output<string>? ToJson(string path, object? value)
    {
        return value switch
        {
            null => null,
            IInput input => input.ToOutput().UntypedApply(inner => Output.Create(FormatAsync(path, inner))),
            _ => Output.Create(FormatAsync(path, value)),
        };

        static async Task<string> FormatAsync(string path, object? value)
            => JsonFormatter.Default.Format(await new Serializer(keepResources: false).SerializeAsync(new PropertyPath(path), value));
    }
}
