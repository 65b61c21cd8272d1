using System.Net;
using Amazon;
using Amazon.Runtime;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Tests.Wire;

public sealed class ServiceErrorTests
{
    [Theory]
    [InlineData("""{"__type":"com.amazonaws.servicequotas#AccessDeniedException","Message":"no"}""", null, "AccessDeniedException", "no")]
    [InlineData("""{"message":"no"}""", "ResourceNotFoundException:http://internal.amazon.com/", "ResourceNotFoundException", "no")]
    [InlineData("<ErrorResponse xmlns='x'><Error><Code>Throttling</Code><Message>slow</Message></Error></ErrorResponse>", null, "Throttling", "slow")]
    [InlineData("<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>", null, "UnauthorizedOperation", "")]
    public void Errors_are_read_as_each_protocol_spells_them(string body, string? header, string code, string message) =>
        Assert.Equal(new ServiceError(code, message), ServiceError.Read(body, header, HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>")]
    [InlineData("[]")]
    [InlineData("")]
    public void Anything_else_is_no_answer_of_AWS(string body) => Assert.Equal("HTTP502", ServiceError.Read(body, null, HttpStatusCode.BadGateway).Code);

    [Theory]
    [InlineData("eu-central-1", "https://ec2.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://ec2.cn-north-1.amazonaws.com.cn/")]
    public void Without_a_configured_endpoint_the_regions_own_is_called(string region, string endpoint) =>
        Assert.Equal(endpoint, new ServiceClientConfig(AwsService.Ec2, RegionEndpoint.GetBySystemName(region), endpoint: null).Endpoint.ToString());

    [Fact]
    public void IAM_has_one_endpoint_for_all_regions()
    {
        using var connection = new AwsConnection("eu-central-1", new AnonymousAWSCredentials());
        Assert.Equal("https://iam.amazonaws.com/", new ServiceClientConfig(AwsService.Iam, connection.HomeRegion, endpoint: null).Endpoint.ToString());
    }
}
