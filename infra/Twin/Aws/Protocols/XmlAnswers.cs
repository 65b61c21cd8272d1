using System.Text;
using System.Xml.Linq;

namespace HaCluster.Twin.Aws.Protocols;

/// <summary>Answers of the Query protocols as XML.</summary>
internal static class XmlAnswers
{
    private static readonly Dictionary<string, string> Namespaces = new()
    {
        ["ec2"] = "http://ec2.amazonaws.com/doc/2016-11-15/",
        ["sts"] = "https://sts.amazonaws.com/doc/2011-06-15/",
        ["autoscaling"] = "http://autoscaling.amazonaws.com/doc/2011-01-01/",
        ["elasticloadbalancing"] = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
        ["rds"] = "http://rds.amazonaws.com/doc/2014-10-31/",
        ["iam"] = "https://iam.amazonaws.com/doc/2010-05-08/",
        ["s3"] = "http://s3.amazonaws.com/doc/2006-03-01/",
        ["monitoring"] = "http://monitoring.amazonaws.com/doc/2010-08-01/",
    };

    /// <summary>An element; null members are left out.</summary>
    public static XElement El(string name, params IEnumerable<object?> content) => new(name, content.Where(one => one is not null));

    /// <summary>A list whose members all have one name.</summary>
    public static XElement List(string name, string member, IEnumerable<IEnumerable<object?>> items) => new(name, items.Select(item => El(member, item)));

    public static XElement Tags(string name, IEnumerable<KeyValuePair<string, string>> tags) =>
        List(name, "item", tags.Select(tag => new object?[] { El("key", tag.Key), El("value", tag.Value) }));

    public static byte[] Answer(string service, string operation, IEnumerable<object?> content, string requestId)
    {
        var root = service == "ec2"
            ? El($"{operation}Response", [El("requestId", requestId), .. content])
            : service == "s3" ? El("ListAllMyBucketsResult", content)
            : El($"{operation}Response", El($"{operation}Result", content), El("ResponseMetadata", El("RequestId", requestId)));
        return Write(service, root);
    }

    public static byte[] Error(string service, AwsException exception, string requestId) => service == "s3"
        ? Write(null, El("Error", El("Code", exception.Code), El("Message", exception.Message), El("RequestId", requestId)))
        : service == "ec2"
        ? Write(null, El("Response", El("Errors", El("Error", El("Code", exception.Code), El("Message", exception.Message))), El("RequestID", requestId)))
        : Write(service, El(
            "ErrorResponse",
            El("Error", El("Type", exception.Status < 500 ? "Sender" : "Receiver"), El("Code", exception.Code), El("Message", exception.Message)),
            El("RequestId", requestId)));

    private static byte[] Write(string? service, XElement root)
    {
        if (service is not null && Namespaces.TryGetValue(service, out var uri))
        {
            XNamespace space = uri;
            foreach (var element in root.DescendantsAndSelf().ToList())
                element.Name = space + element.Name.LocalName;
        }

        return Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root.ToString(SaveOptions.DisableFormatting)}");
    }
}
