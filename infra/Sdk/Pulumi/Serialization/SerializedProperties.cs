using Google.Protobuf.WellKnownTypes;

namespace Pulumi.Serialization;

/// <summary>Arguments on the wire, and what each of those sent depends on.</summary>
internal sealed record SerializedProperties(Struct Values, IReadOnlyDictionary<string, HashSet<Resource>> Dependencies);
