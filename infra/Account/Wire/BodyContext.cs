using Amazon.Runtime.Internal.Transform;

namespace HaCluster.Account.Wire;

/// <summary>
/// The body of an answer as text. The pipeline's own contexts read one format token by token; here the protocols parse it whole.
/// </summary>
internal sealed class BodyContext : UnmarshallerContext
{
    public BodyContext(Stream stream, bool isException, IWebResponseData response)
    {
        using (var reader = new StreamReader(stream))
            Body = reader.ReadToEnd();
        IsException = isException;
        WebResponseData = response;
    }

    public string Body { get; }

    public override string CurrentPath => "";

    public override int CurrentDepth => 0;

    public override bool IsStartElement => false;

    public override bool IsEndElement => false;

    public override bool IsStartOfDocument => true;
}
