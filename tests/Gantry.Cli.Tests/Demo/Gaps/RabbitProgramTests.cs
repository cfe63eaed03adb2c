using Gantry.Cli.Demo.Gaps;

namespace Gantry.Cli.Tests.Demo.Gaps;

public class RabbitProgramTests
{
    [Fact]
    public void A_wrapper_for_the_systems_own_node_is_passed_over()
    {
        using var wrapper = new TestFolder();
        using var real = new TestFolder();
        wrapper.Write("rabbitmq-server", "");
        real.Write("rabbitmq-env", "");
        var server = real.Write("rabbitmq-server", "");

        Assert.Equal(server, RabbitProgram.Find($"{wrapper.Path}::{real.Path}"));
    }

    [Fact]
    public void Without_the_names_server_it_says_how_to_get_one()
    {
        using var empty = new TestFolder();

        var failure = Assert.Throws<CommandFailure>(() => RabbitProgram.FindNames(empty.Path));

        Assert.Contains("epmd", failure.Message);
        Assert.Contains("--amqp URL", failure.Message);
    }
}
