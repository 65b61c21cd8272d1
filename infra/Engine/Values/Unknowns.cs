using HaCluster.Wire;

namespace HaCluster.Engine.Values;

/// <summary>Recognises the strings that stand for unknown values.</summary>
internal static class Unknowns
{
    /// <summary>True for every sentinel a peer may send: a runtime may say which type the unknown will have.</summary>
    public static bool IsSentinel(string text) => text.Length == UnknownSentinels.String.Length && text is UnknownSentinels.String
        or UnknownSentinels.Boolean or UnknownSentinels.Number or UnknownSentinels.Array
        or UnknownSentinels.Asset or UnknownSentinels.Archive or UnknownSentinels.Object;
}
