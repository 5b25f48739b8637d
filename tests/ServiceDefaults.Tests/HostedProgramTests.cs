using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults.Tests;

public sealed class HostedProgramTests
{
    [Fact]
    public async Task Settings_ThatAreWrong_EndTheProgramWithOne()
    {
        int exitCode = await HostedProgram.RunAsync(static () => throw new OptionsValidationException("", typeof(object), ["Section:Option is 'x'; it must be y."]));

        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Failure_OfAnotherKind_IsNotSwallowed() =>
        await Assert.ThrowsAsync<NotSupportedException>(static () => HostedProgram.RunAsync(static WebApplication () => throw new NotSupportedException()));
}
