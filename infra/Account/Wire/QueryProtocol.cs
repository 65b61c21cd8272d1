using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace HaCluster.Account.Wire;

/// <summary>The Query protocol (EC2, ELB, RDS, IAM, STS): a form is posted, XML comes back.</summary>
internal sealed class QueryProtocol(ServiceClient client, AwsService service)
{
    private static readonly ImmutableSortedDictionary<string, string> Headers =
        ImmutableSortedDictionary<string, string>.Empty.Add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");

    /// <summary>The element that holds the answer: the root for EC2, <c>OperationResult</c> for the others.</summary>
    public async Task<XElement> CallAsync(string operation, IEnumerable<(string Name, string Value)> parameters, CancellationToken cancellationToken)
    {
        IEnumerable<(string, string)> form = [("Action", operation), ("Version", service.Version), .. parameters];
        var body = await client.CallAsync(
            new ServiceCall(operation) { Headers = Headers, Content = Encoding.UTF8.GetBytes(string.Join('&', form.Select(Encode))) }, cancellationToken);
        try
        {
            var root = XDocument.Parse(body).Root!;
            if (root.Name.LocalName != $"{operation}Response")
                throw NotUnderstood(operation, $"an unexpected <{root.Name.LocalName}>");
            return root.Child($"{operation}Result") ?? root;
        }
        catch (XmlException)
        {
            throw NotUnderstood(operation, "not valid XML");
        }
    }

    /// <summary>All pages of an operation.</summary>
    /// <param name="token">How the answer names the next page, and <paramref name="tokenParameter"/> how the request asks for it.</param>
    public async IAsyncEnumerable<XElement> PagesAsync(
        string operation,
        IReadOnlyCollection<(string Name, string Value)> parameters,
        string token,
        string tokenParameter,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var page = await CallAsync(operation, next is null ? parameters : [.. parameters, (tokenParameter, next)], cancellationToken);
            yield return page;
            next = page.Text(token);
        }
        while (next is { Length: > 0 });
    }

    private static string Encode((string Name, string Value) field) => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}";

    private AwsCallException NotUnderstood(string operation, string what) =>
        new(client.Service, operation, "NotUnderstood", $"the response is {what}; a proxy may have answered, or the endpoint is wrong");
}
