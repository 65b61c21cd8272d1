using System.Text.Encodings.Web;
using System.Text.Json;

namespace HaCluster.Planning.Documents;

/// <summary>The JSON layout of all documents: indented, with the same line ends on every system.</summary>
public static class DocumentJson
{
    public static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        MaxDepth = 1000,
        // Documents are read by programs and people, never pasted into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
